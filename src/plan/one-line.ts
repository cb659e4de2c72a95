/** Line breaks and control characters: what moves the cursor of a terminal or ends a row of a table. */
const unprintable = /\p{Cc}|[\u2028\u2029]/u

/** A title or a name as one line, whatever a person or a model wrote. */
export const oneLine = (text: string): string => (unprintable.test(text) ? text.replaceAll(/(?:\p{Cc}|\s)+/gu, ' ').trim() : text)
