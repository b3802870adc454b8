// Asks for the browser's notification, and shows it when the run that is watched has ended.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector('.notify')
  const button = root.querySelector('button')
  const wanted = () => sessionStorage.getItem('inkling-notify') === data.run
  const allowed = 'Notification' in window && window.isSecureContext
  const update = () => {
    const isAsked = data.running && allowed && Notification.permission !== 'denied'
    root.hidden = !isAsked
    button.setAttribute('aria-pressed', wanted() && Notification.permission === 'granted')
  }
  button.onclick = async () => {
    if (wanted()) sessionStorage.removeItem('inkling-notify')
    else if (await Notification.requestPermission() === 'granted') sessionStorage.setItem('inkling-notify', data.run)
    update()
  }
  if (!data.running && wanted()) {
    sessionStorage.removeItem('inkling-notify')
    if (allowed && Notification.permission === 'granted') {
      const note = new Notification(data.title, { body: data.text, tag: data.run })
      note.onclick = () => { window.focus(); note.close() }
    }
  }
  update()
}
