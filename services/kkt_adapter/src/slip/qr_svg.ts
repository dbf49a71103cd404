/** The blank modules that a reader needs around the code (ISO/IEC 18004). */
const QUIET_ZONE_MODULES = 4

/** The QR code as an SVG picture without a size of its own. Paper needs 20 mm at least. */
export async function qrSvg(data: string): Promise<string> {
  // Loaded on demand: it takes 12 MB, and most tills print the code themselves.
  const qrcode = await import('qrcode')
  return await qrcode.toString(data, { type: 'svg', errorCorrectionLevel: 'M', margin: QUIET_ZONE_MODULES })
}
