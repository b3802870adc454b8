// Around the pages: a choice of the language, a button for the other theme, and a phone's menu that closes after a choice.
const MENU = '[data-testid="stMainMenuButton"], [data-testid="stMainMenu"] button'
const NARROW = '(max-width: 768px)' // where the menu lies over the page
const PATIENCE = 1000 // ms until Streamlit's menu has opened, at most

const stops = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const languages = parentElement.querySelector('.language select')
  document.documentElement.lang = languages.value = data.language
  languages.previousElementSibling.textContent = data.language
  languages.setAttribute('aria-label', data.choose)
  languages.onchange = () => setStateValue('language', languages.value)
  const button = parentElement.querySelector('.theme')
  const app = document.querySelector('.stApp')
  const isDark = () => getComputedStyle(app).colorScheme === 'dark'
  const show = () => {
    button.setAttribute('aria-label', isDark() ? data.to_light : data.to_dark)
    button.title = button.getAttribute('aria-label')
    button.firstElementChild.textContent = isDark() ? 'light_mode' : 'dark_mode'
  }
  button.onclick = () => choose(isDark() ? 'Light' : 'Dark').then(show)
  stops.get(button)?.abort()
  const stop = new AbortController()
  stops.set(button, stop)
  const observer = new MutationObserver(show) // the system's theme, or Streamlit's menu
  observer.observe(app, { attributes: true, attributeFilter: ['class'] })
  stop.signal.addEventListener('abort', () => observer.disconnect())
  show()
  document.addEventListener('click', event => {
    if (!event.target.closest('[data-testid="stSidebarNavLink"]') || !matchMedia(NARROW).matches) return
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click()
  }, { signal: stop.signal })
  return () => stop.abort()
}

// Streamlit has the themes in its menu alone: it is opened unseen, and closed again.
async function choose(theme) {
  document.documentElement.classList.add('unseen-menu')
  document.querySelector(MENU)?.click()
  const item = await appears(`[data-testid="stMainMenuItem-theme-${theme}"]`)
  item?.click()
  if (document.querySelector('[data-testid="stMainMenuList"]')) document.querySelector(MENU)?.click()
  document.documentElement.classList.remove('unseen-menu')
}

function appears(selector) {
  return new Promise(resolve => {
    const until = performance.now() + PATIENCE
    const look = () => {
      const found = document.querySelector(selector)
      if (found || performance.now() > until) resolve(found)
      else requestAnimationFrame(look)
    }
    look()
  })
}
