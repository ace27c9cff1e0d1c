// The page: it follows the daemon's state and shows what the address names (#/all, #/app:name, #/id).
import { since } from './format.js';
import { Detail } from './detail.js';
import { List } from './list.js';
import { forgetColours } from './plot.js';
import { setClass, setText } from './dom.js';
import { stream } from './net.js';

const connection = document.getElementById('connection');
const daemon = document.getElementById('daemon');
const list = new List(document.getElementById('processes'));
const detail = new Detail(document.getElementById('content'));
let page;

const selected = () => decodeURIComponent(location.hash.replace(/^#\//, '')) || 'all';

function show() {
  if (!page) return;
  list.update(page, selected());
  detail.update(page);
}

function connected(kind, text) {
  setClass(connection, `connection ${kind}`);
  setText(connection, text);
}

stream('/api/state', (next) => {
  page = next;
  if (next.error) connected('bad', 'daemon gone, trying again');
  else connected('good', 'connected');
  setText(daemon, next.daemon && !next.error ? `daemon ${next.daemon.pid}, up ${since(next.at - next.daemon.started_at)}` : '');
  document.body.classList.toggle('stale', Boolean(next.error));
  show();
}, (up) => {
  if (up) detail.load(); // what came while it was away
  else connected('bad', 'roost web does not answer');
});

addEventListener('hashchange', () => {
  detail.open(selected());
  show();
  document.getElementById('content').scrollIntoView({ block: 'start' });
});
detail.open(selected());

// --- light and dark ---

const themes = ['auto', 'light', 'dark'];
const button = document.getElementById('theme');
function setTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  setText(button, `Theme: ${theme}`);
  forgetColours();
  detail.draw();
  detail.drawInside();
}
button.addEventListener('click', () => {
  const next = themes[(themes.indexOf(localStorage.getItem('theme') ?? 'auto') + 1) % themes.length];
  localStorage.setItem('theme', next);
  setTheme(next);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTheme(localStorage.getItem('theme') ?? 'auto'));
setTheme(localStorage.getItem('theme') ?? 'auto');
