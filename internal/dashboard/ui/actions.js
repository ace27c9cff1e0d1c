// Buttons that do something, the question before what can't be undone, and the messages afterwards.
import { h } from './dom.js';
import { act } from './net.js';

const toasts = document.getElementById('toasts');
const dialog = document.getElementById('ask');
const shownFor = 6000;

export function toast(text, kind) {
  const close = () => element.remove();
  const element = h('div', { class: `toast ${kind}` }, h('span', { text }), h('button', { class: 'button quiet', type: 'button', 'aria-label': 'Close the message', onclick: close }, '×'));
  toasts.append(element);
  if (kind !== 'bad') setTimeout(close, shownFor);
  while (toasts.childElementCount > 4) toasts.firstElementChild.remove();
}

// The dialog's close event comes some time after it has closed, when the next question may be open already.
let answer; // takes the answer to the question that was asked last
function settle() {
  answer?.(dialog.returnValue === 'yes');
  answer = undefined;
}
dialog.addEventListener('close', () => { if (!dialog.open) settle(); });

export function ask(text, yes) {
  settle();
  document.getElementById('ask-text').textContent = text;
  document.getElementById('ask-yes').textContent = yes;
  dialog.returnValue = 'no';
  dialog.showModal();
  return new Promise((resolve) => { answer = resolve; });
}

// perform does an action while its button is busy.
export async function perform(button, action) {
  button.setAttribute('aria-busy', 'true');
  button.disabled = true;
  const result = await act(action);
  button.removeAttribute('aria-busy');
  button.disabled = false;
  if (result.error) toast(result.error, 'bad');
  else toast(result.done, 'good');
}
