// A screen that many people touch in turn: fills itself at a touch, and opens anew when nobody has
// touched it for a while; then nothing of who was there is left on it.
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel']

const watches = new WeakMap()

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector('span')
  if (!watches.has(root)) watches.set(root, new Watch())
  watches.get(root).update(data)
  return () => {
    watches.get(root)?.end()
    watches.delete(root)
  }
}

class Watch {
  constructor() {
    this.stop = new AbortController()
    const { signal } = this.stop
    for (const kind of TOUCHES) {
      document.addEventListener(kind, () => this.wait(), { capture: true, passive: true, signal })
    }
    document.addEventListener('pointerup', () => this.fill(), { capture: true, signal })
  }

  update(data) {
    document.documentElement.lang = data.language
    this.data = data
    this.timer ?? this.wait()
  }

  wait() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.reset(), 1000 * this.data.patience)
  }

  // A server that is just being started anew would leave the browser's own page of errors, at which
  // nobody could do anything: so it is asked first.
  async reset() {
    try {
      await fetch(this.data.address, { cache: 'no-store' })
      location.replace(this.data.address)
    } catch {
      this.timer = setTimeout(() => this.reset(), 5000)
    }
  }

  fill() {
    if (document.fullscreenElement) return
    document.documentElement.requestFullscreen?.().catch(() => {}) // some browsers refuse
  }

  end() {
    this.stop.abort()
    clearTimeout(this.timer)
  }
}
