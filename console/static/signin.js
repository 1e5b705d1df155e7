// A sign-in link carries the token behind the #, which browsers send to
// nobody: it is put into the form and taken out of the address. It is posted at
// once only where the server is for one machine: elsewhere a link of somebody
// else's must not sign anybody in who did not say so.
const given = new URLSearchParams(location.hash.slice(1)).get('token')
if (given) {
  history.replaceState(null, '', location.pathname + location.search)
  document.getElementById('token').value = given
  const form = document.getElementById('signin')
  if ('links' in form.dataset) form.submit()
  else form.querySelector('button').focus()
}
