/**
 * Names of columns made different, whatever their case: the second `id` becomes `id_1`. One that has none is called by its
 * place, `column_2`.
 */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((given, index) => {
    const name = given.trim() === '' ? `column_${index + 1}` : given;
    let distinct = name;
    for (let count = 1; taken.has(distinct.toLowerCase()); count++) distinct = `${name}_${count}`;
    taken.add(distinct.toLowerCase());
    return distinct;
  });
}
