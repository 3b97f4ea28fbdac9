// Reads barcodes in a camera's pictures, away from the page: only this worker may compile WebAssembly.

importScripts("vendor/zxing-wasm/zxing_reader.js");

ZXingWASM.prepareZXingModule({
  overrides: { locateFile: (name) => `vendor/zxing-wasm/${name}` },
  fireImmediately: true,
});

self.addEventListener("message", async ({ data }) => {
  try {
    const found = await ZXingWASM.readBarcodes(data, { tryHarder: true, maxNumberOfSymbols: 8, textMode: "Plain" });
    const codes = found.filter((code) => code.isValid && code.bytes.length > 0);
    self.postMessage({ codes: codes.map(({ symbologyIdentifier, format, bytes }) => ({ identifier: symbologyIdentifier, name: ZXingWASM.formatToLabel(format), bytes })) });
  } catch (error) {
    self.postMessage({ fault: String(error) });
  }
});
