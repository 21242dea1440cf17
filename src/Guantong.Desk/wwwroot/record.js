// What a process's record draws on its drawing: how much happened where, where cases stand, which way one went.
import { clear, drawProcess, viewerOf } from './desk.js';
export { clear };

// marks: [{ id, level (0 to 4), text, standing }]; flows: [{ id, level }]; path: ids of the way that is shown. False where the text has no diagram.
export async function drawRecord(place, xml, marks, flows, path) {
  if (!await drawProcess(place, xml, [], [])) return false;
  const viewer = viewerOf(place), canvas = viewer.get('canvas'), registry = viewer.get('elementRegistry'), overlays = viewer.get('overlays');
  const badge = (id, kind, text, position) => {
    const html = Object.assign(document.createElement('span'), { className: 'badge ' + kind, textContent: text });
    // The table beside says the same to those who do not see it.
    html.setAttribute('aria-hidden', 'true');
    overlays.add(id, { position, html });
  };
  for (const { id, level, text, standing } of marks) {
    if (!registry.get(id)) continue;
    if (level > 0) canvas.addMarker(id, 'heat-' + level);
    // A boundary event sits at the foot of its activity, and the name of an event below it.
    const isSmall = registry.get(id).width < 60;
    if (text) badge(id, 'sum', text, isSmall ? { top: -14, left: 0 } : { bottom: 9, left: 16 });
    if (standing) badge(id, 'standing', standing, isSmall ? { top: -14, right: 0 } : { top: -11, right: 16 });
  }
  for (const { id, level } of flows) if (registry.get(id)) canvas.addMarker(id, 'way-' + level);
  for (const id of path) if (registry.get(id)) canvas.addMarker(id, 'past');
  return true;
}
