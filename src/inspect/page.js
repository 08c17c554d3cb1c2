const cells = [...document.querySelectorAll('#grid b')];
const grid = document.getElementById('grid'), what = document.getElementById('what');
const readers = { kernel: 'read by the kernel', tools: 'read by tools (objdump, gdb), not by the kernel', nobody: 'read by nobody' };
let at = -1, marked = [];
const written = [...document.querySelectorAll('#source li')].map(li => ({
  li, bytes: li.dataset.b.split(' ').map(one => one.split('-').map(Number)),
}));
function line(text, name) {
  const p = document.createElement('p');
  p.textContent = text;
  if (name) p.className = name;
  what.append(p);
}
function show(index) {
  if (index < 0 || index >= cells.length) return;
  marked.forEach(one => one.classList.remove('on', 'at'));
  marked = [cells[at = index]];
  cells[at].classList.add('at');
  what.replaceChildren();
  line(`byte 0x${at.toString(16)}: 0x${cells[at].textContent}`, 'dim');
  const ids = cells[at].dataset.i.split(' ').filter(Boolean);
  if (ids.length > 1) line(`${ids.length} owners share this byte`, 'dim');
  for (const id of ids) {
    const item = document.getElementById('i' + id);
    line(item.querySelector('code').textContent, 'name');
    const rest = [...item.childNodes].slice(3).filter(node => node.nodeName !== 'Q').map(node => node.textContent).join(' ').trim();
    const from = item.querySelector('q');
    if (rest) line(rest);
    const owner = item.parentElement.previousElementSibling.textContent;
    const reader = readers[item.dataset.r];
    line(owner + (reader ? ' · ' + reader : ''), 'dim');
    if (from) line(from.textContent, 'from');
    for (let one = +item.dataset.s; one < +item.dataset.e && one < cells.length; one++) {
      mark(cells[one]);
    }
    mark(item);
  }
  for (const { li, bytes } of written) {
    if (bytes.some(([start, end]) => start <= index && index < end)) mark(li);
  }
}
function mark(element) {
  element.classList.add('on');
  marked.push(element);
}
grid.addEventListener('pointerover', event => { if (event.target.dataset.i !== undefined) show(cells.indexOf(event.target)); });
grid.addEventListener('click', event => { if (event.target.dataset.i !== undefined) show(cells.indexOf(event.target)); });
grid.addEventListener('keydown', event => {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 16, ArrowUp: -16, Home: -at, End: cells.length - 1 - at }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  show(Math.max(0, Math.min(cells.length - 1, at + step)));
  cells[at].scrollIntoView({ block: 'nearest' });
});
document.getElementById('list').addEventListener('click', event => {
  const item = event.target.closest('li');
  if (item) { show(+item.dataset.s); cells[at]?.scrollIntoView({ block: 'center' }); }
});
document.getElementById('source')?.addEventListener('click', event => {
  const found = written.find(one => one.li === event.target.closest('li'));
  if (!found) return;
  show(found.bytes[0][0]);
  for (const [start, end] of found.bytes) cells.slice(start, end).forEach(mark);
  cells[at].scrollIntoView({ block: 'nearest' });
});
if (location.hash.startsWith('#0x')) show(parseInt(location.hash.slice(1)));
