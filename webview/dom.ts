type Child = Node | string | undefined
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/** An element with attributes (`true`: present, `false` or undefined: absent) and children; text is set as text, never as HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, '')
    else if (value !== undefined && value !== false) node.setAttribute(name, String(value))
  }
  node.append(...children.filter((child) => child !== undefined))
  return node
}

/** A button with a text, or an icon and a name; `pressed` runs at a click. */
export function button(content: string | SVGElement, pressed: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const node = element('button', { type: 'button', ...attributes }, content)
  node.addEventListener('click', pressed)
  return node
}

/** Sets an attribute only where it changes: a screen reader hears every write. */
export function setAttribute(node: Element, name: string, value: string | undefined): void {
  if (value === undefined) { if (node.hasAttribute(name)) node.removeAttribute(name) } else if (node.getAttribute(name) !== value) node.setAttribute(name, value)
}
export function setText(node: Node, text: string): void { if (node.textContent !== text) node.textContent = text }

const svgSpace = 'http://www.w3.org/2000/svg'
const icons = {
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0ZM10.3 10.3 14 14',
  critical: 'M8 2.2 13.8 8 8 13.8 2.2 8Z',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  export: 'M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
} as const

/** A line icon, 16 x 16, in the colour of the text. */
export function icon(name: keyof typeof icons): SVGElement {
  const svg = document.createElementNS(svgSpace, 'svg')
  for (const [key, value] of Object.entries({ viewBox: '0 0 16 16', width: '16', height: '16', fill: 'none', stroke: 'currentColor', 'stroke-width': '1.3', 'stroke-linecap': 'round', 'stroke-linejoin': 'round', 'aria-hidden': 'true' })) svg.setAttribute(key, value)
  const path = document.createElementNS(svgSpace, 'path')
  path.setAttribute('d', icons[name])
  svg.append(path)
  return svg
}
