// What the browser does for the sheet of paper: it names the canvas, moves a pen by the keyboard,
// takes pictures that are pasted or dropped, has Ctrl+Z press Undo, and fills the screen.
const STEP = 10 // canvas px that an arrow key moves the pen
const FINE = 2 // with Shift
const WAYS = { // as on the number pad
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1],
}
const TEXT = 'input:not([type=range]), textarea, [contenteditable]' // has an undo of its own
const IMAGE = /^image\//

const sheets = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector('.sheet')
  if (!sheets.has(root)) sheets.set(root, new Sheet(root))
  sheets.get(root).update(data)
  return () => {
    sheets.get(root)?.end()
    sheets.delete(root)
  }
}

class Sheet {
  constructor(root) {
    this.root = root
    this.stop = new AbortController()
    const on = (kind, handler) =>
      document.addEventListener(kind, handler, { capture: true, signal: this.stop.signal })
    on('keydown', event => this.step(event))
    on('paste', event => this.paste(event))
    on('dragover', event => this.drag(event))
    on('dragleave', event => this.drag(event))
    on('drop', event => this.drop(event))
    on('click', event => this.tap(event))
    on('fullscreenchange', () => document.fullscreenElement || this.fill(false))
  }

  end() {
    this.stop.abort()
    this.pen?.end()
    this.fill(false)
    clearTimeout(this.dressing)
  }

  update(data) {
    this.data = data
    this.dress()
  }

  // Names the canvas, which is not there at once, and takes its own tools away: they take the pen,
  // and are too small for a finger; the page has others.
  dress() {
    clearTimeout(this.dressing)
    const sheet = document.querySelector('.st-key-sheet')
    const hosts = sheet ? [sheet, ...sheet.querySelectorAll('*')] : []
    const { shadowRoot } = hosts.find(host => host.shadowRoot?.querySelector('.upper-canvas')) ?? {}
    if (!shadowRoot) {
      this.dressing = setTimeout(() => this.dress(), 100)
      return
    }
    const canvas = shadowRoot.querySelector('.upper-canvas')
    if (this.pen?.canvas !== canvas) {
      this.pen?.end()
      this.pen = new KeyboardPen(canvas, this.root, this.data)
    }
    if (shadowRoot.querySelector('style.inkling')) return
    const style = document.createElement('style')
    style.className = 'inkling'
    style.textContent = '.dc-toolbar { display: none !important } .upper-canvas { outline: none }'
    shadowRoot.append(style)
  }

  // Ctrl+Z, and Ctrl+Shift+Z or Ctrl+Y.
  step(event) {
    if (event.key === 'Escape' && !document.fullscreenElement) this.fill(false)
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    if (event.composedPath()[0].matches?.(TEXT)) return
    const key = event.key.toLowerCase()
    const isRedo = key === 'y' || (key === 'z' && event.shiftKey)
    if (key !== 'z' && !isRedo) return
    event.preventDefault()
    document.querySelector(isRedo ? '.st-key-redo button' : '.st-key-undo button')?.click()
  }

  // All of the screen for the sheet and its answer, or as before. A phone that has no full screen
  // gives its window.
  tap(event) {
    if (!event.target.closest('.st-key-fill button')) return
    event.preventDefault()
    event.stopPropagation() // the server has nothing to do with it
    this.fill(!this.isFilled)
  }

  fill(isFilled) {
    const page = document.documentElement
    if (isFilled === this.isFilled) return
    page.classList.toggle('sheet-fills', isFilled)
    if (isFilled) page.requestFullscreen?.().catch(() => {})
    else if (document.fullscreenElement) document.exitFullscreen()
  }

  get isFilled() {
    return document.documentElement.classList.contains('sheet-fills')
  }

  paste(event) {
    if (this.give(event.clipboardData.files)) event.preventDefault()
  }

  // A file may be dropped on all of the page: beside the sheet a browser would leave for the file.
  drag(event) {
    if (!event.dataTransfer.types.includes('Files') || this.isForUploader(event)) return
    event.preventDefault()
    event.stopPropagation()
    this.root.classList.toggle('awaits', event.type === 'dragover')
  }

  drop(event) {
    if (!event.dataTransfer.files.length || this.isForUploader(event)) return
    event.preventDefault()
    event.stopPropagation()
    this.root.classList.remove('awaits')
    this.give(event.dataTransfer.files)
  }

  isForUploader(event) {
    return event.composedPath().some(element => element.matches?.('.st-key-upload'))
  }

  // It goes the way of a file that is chosen, with its bounds. Whether there is a picture.
  give(files) {
    const file = [...files].find(file => IMAGE.test(file.type)) ?? files[0]
    const input = document.querySelector('.st-key-upload input[type=file]')
    if (!file || !input) return false
    const chosen = new DataTransfer()
    chosen.items.add(file)
    input.files = chosen.files
    input.dispatchEvent(new Event('change', { bubbles: true }))
    return true
  }
}

// Draws by the keyboard as a mouse would: the canvas, and who listens to it, take it for one.
class KeyboardPen {
  at = [0.5, 0.2] // of the sheet's sides
  isDown = false
  held = new Set()

  constructor(canvas, root, data) {
    this.canvas = canvas
    this.root = root
    this.data = data
    this.stop = new AbortController()
    canvas.tabIndex = 0
    canvas.setAttribute('role', 'application')
    canvas.setAttribute('aria-label', data.name)
    const on = (kind, handler) => canvas.addEventListener(kind, handler, { signal: this.stop.signal })
    on('keydown', event => this.press(event))
    on('keyup', event => this.held.delete(event.key))
    on('focus', () => canvas.matches(':focus-visible') && this.show(true))
    on('blur', () => {
      this.held.clear()
      this.put(false)
      this.show(false)
    })
    on('pointerdown', event => event.isTrusted && this.show(false))
  }

  end() {
    this.stop.abort()
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const isSpace = event.key === ' ' || event.key === 'Enter'
    if (!isSpace && !WAYS[event.key] && event.key !== 'Escape') return
    event.preventDefault()
    this.show(true)
    if (isSpace) {
      if (!event.repeat) this.put(!this.isDown)
    } else if (event.key === 'Escape') {
      this.put(false)
    } else {
      this.held.add(event.key)
      this.go(event.shiftKey ? FINE : STEP)
    }
  }

  // Two arrow keys together lead aslant.
  go(step) {
    const ways = [...this.held].map(key => WAYS[key])
    this.at = this.at.map((share, i) => {
      const way = Math.sign(ways.reduce((sum, way) => sum + way[i], 0))
      return Math.min(1, Math.max(0, share + way * step / this.data.side))
    })
    this.mark()
    if (this.isDown) this.send('move', 1)
    this.say()
  }

  put(isDown) {
    if (isDown === this.isDown) return
    this.isDown = isDown
    this.send(isDown ? 'down' : 'up', isDown ? 1 : 0)
    this.mark()
    this.say()
  }

  send(kind, buttons) {
    const box = this.canvas.getBoundingClientRect()
    const clientX = Math.round(box.left + this.at[0] * box.width)
    const clientY = Math.round(box.top + this.at[1] * box.height)
    const about = {
      bubbles: true, cancelable: true, composed: true, view: window, button: 0, buttons,
      clientX, clientY, isPrimary: true, pointerId: 1, pointerType: 'mouse',
    }
    this.canvas.dispatchEvent(new PointerEvent(`pointer${kind}`, about))
    this.canvas.dispatchEvent(new MouseEvent(`mouse${kind}`, about))
  }

  show(isShown) {
    this.root.classList.toggle('by-keys', isShown)
    this.mark()
  }

  mark() {
    const cursor = this.root.querySelector('i')
    cursor.style.left = `${100 * this.at[0]}%`
    cursor.style.top = `${100 * this.at[1]}%`
    cursor.classList.toggle('down', this.isDown)
    this.root.classList.toggle('low', this.at[1] > 0.8)
  }

  say() {
    const [across, down] = this.at.map(share => Math.round(100 * share))
    const pen = this.isDown ? this.data.down : this.data.up
    this.root.querySelector('[role="status"]').textContent = `${pen}: ${across}, ${down}`
  }
}
