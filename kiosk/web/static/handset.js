// Whether the page stands on a phone, however that is turned, by the shorter side of its screen: a window on a touchscreen
// may be as low, and there are no keys but the page's own. The style sheets of panels and large answers ask the same.

const NARROW = "(max-width: 639px)";
const SMALL = ["width", "height"].map((side) => `(max-device-${side}: 459px) and (pointer: coarse)`);

export const isPhone = matchMedia([NARROW, ...SMALL].join(", "));
