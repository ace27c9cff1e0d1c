// How the page speaks to its server.

const hiddenFor = 10000;

// stream follows server-sent events; it comes back by itself. onstate gets true and false as the connection comes and goes. A page that nobody sees
// gives its connection back after a while: a browser has six for a server, and each open page takes two.
export function stream(path, ondata, onstate = () => {}) {
  let source, timer, resting, closed = false;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => onstate(true);
    source.onmessage = (e) => ondata(JSON.parse(e.data));
    source.onerror = () => {
      onstate(false);
      if (source.readyState === EventSource.CLOSED && !closed) timer = setTimeout(open, 2000); // refused: it doesn't try again itself
    };
  };
  const rest = () => {
    clearTimeout(timer);
    source.close();
    source = undefined;
  };
  const seen = () => {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(rest, hiddenFor);
    else if (!source) open();
  };
  document.addEventListener('visibilitychange', seen);
  open();
  return () => {
    closed = true;
    document.removeEventListener('visibilitychange', seen);
    clearTimeout(resting);
    if (source) rest();
  };
}

// read gives JSON, or undefined when there is none.
export async function read(path) {
  const response = await fetch(path);
  if (response.status === 401) location.reload();
  return response.ok ? response.json() : undefined;
}

// act does something and gives {done} or {error}.
export async function act(action) {
  try {
    const response = await fetch('/api/do', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(action) });
    if (response.status === 401) location.reload();
    return response.ok ? await response.json() : { error: await response.text() };
  } catch {
    return { error: 'roost web does not answer' };
  }
}
