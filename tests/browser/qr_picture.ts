import { readPixels } from '@kkt/platform/testing/qr_reader.ts'
import type { Page } from 'playwright-core'
import { z } from 'zod'

/**
 * The content of the QR code in a screenshot.
 * @param blank a page that has the pixels read
 */
export async function codeIn(blank: Page, screenshot: Buffer): Promise<string> {
  await blank.setContent(`<img src="data:image/png;base64,${screenshot.toString('base64')}">`)
  const { width, height, dark } = z.object({ width: z.number(), height: z.number(), dark: z.string() }).parse(
    await blank.evaluate(`(async () => {
      const [picture] = document.images
      await picture.decode()
      const { naturalWidth: width, naturalHeight: height } = picture
      const canvas = new OffscreenCanvas(width, height).getContext('2d')
      canvas.drawImage(picture, 0, 0)
      const { data } = canvas.getImageData(0, 0, width, height)
      let dark = ''
      for (let at = 0; at < data.length; at += 4) dark += data[at] < 128 ? '1' : '0'
      return { width, height, dark }
    })()`),
  )
  return readPixels({ width, height }, (x, y) => dark[y * width + x] === '1')
}
