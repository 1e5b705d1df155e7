// A sign-in link carries the token behind the #, which browsers send to
// nobody: it is put into the form, taken out of the address, and posted.
const given = new URLSearchParams(location.hash.slice(1)).get('token')
if (given) {
  history.replaceState(null, '', location.pathname + location.search)
  document.getElementById('token').value = given
  document.getElementById('signin').submit()
}
