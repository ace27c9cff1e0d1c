// How the page speaks to its server.

// stream follows server-sent events; it comes back by itself. onstate gets true and false as the connection comes and goes.
export function stream(path, ondata, onstate = () => {}) {
  let source, timer, closed = false;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => onstate(true);
    source.onmessage = (e) => ondata(JSON.parse(e.data));
    source.onerror = () => {
      onstate(false);
      if (source.readyState === EventSource.CLOSED && !closed) timer = setTimeout(open, 2000); // refused: it doesn't try again itself
    };
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
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
