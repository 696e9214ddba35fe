/** A page on which all pictures are seen beside each other, state by state. */
export function contactSheet(taken: readonly (readonly [string, readonly string[]])[]): string {
  const states = taken.map(
    ([state, files]) => `<section>
<h2>${state}</h2>
<div>${files.map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`).join('')}</div>
</section>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Screenshots</title>
<style>
body { margin: 24px; background: #808690; font: 14px system-ui, sans-serif; }
h2 { margin: 24px 0 8px; color: #fff; }
div { display: flex; align-items: flex-start; gap: 12px; overflow-x: auto; }
img { height: 480px; border-radius: 4px; }
</style>
${states.join('\n')}
</html>
`;
}
