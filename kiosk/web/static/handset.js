// Whether the page stands on a phone, however that is turned: the style sheets ask the same.

export const isPhone = matchMedia("(max-width: 639px), (max-height: 459px) and (pointer: coarse)");
