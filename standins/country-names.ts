import { chosen } from './country-chance.js'

// prettier-ignore
const WOMEN = ['Anne', 'Inger', 'Kari', 'Marit', 'Ingrid', 'Liv', 'Eva', 'Berit', 'Astrid', 'Bjørg', 'Hilde', 'Solveig',
  'Randi', 'Marianne', 'Nina', 'Ida', 'Emma', 'Nora', 'Sofie', 'Thea', 'Ella', 'Maja', 'Olivia', 'Frida', 'Selma', 'Sara',
  'Elle', 'Inga', 'Risten', 'Fatima', 'Aisha', 'Katarzyna', 'Olena', 'Hodan', 'Linh', 'Åse', 'Ragnhild', 'Sigrid', 'Tuva']
// prettier-ignore
const MEN = ['Jan', 'Per', 'Bjørn', 'Ole', 'Lars', 'Kjell', 'Knut', 'Svein', 'Arne', 'Thomas', 'Hans', 'Geir', 'Tor',
  'Morten', 'Terje', 'Odd', 'Erik', 'Martin', 'Andreas', 'Jakob', 'Lukas', 'Noah', 'Emil', 'Oskar', 'Isak', 'Aksel', 'Filip',
  'Máhtte', 'Nils', 'Ánte', 'Mohammed', 'Ali', 'Piotr', 'Ivan', 'Abdi', 'Øyvind', 'Håkon', 'Sivert', 'Ulrik']
// prettier-ignore
const FAMILIES = ['Hansen', 'Johansen', 'Olsen', 'Larsen', 'Andersen', 'Pedersen', 'Nilsen', 'Kristiansen', 'Jensen', 'Karlsen',
  'Johnsen', 'Pettersen', 'Eriksen', 'Berg', 'Haugen', 'Hagen', 'Johannessen', 'Andreassen', 'Jacobsen', 'Dahl', 'Lund',
  'Halvorsen', 'Sørensen', 'Jakobsen', 'Moen', 'Gundersen', 'Iversen', 'Strand', 'Solberg', 'Svendsen', 'Eide', 'Knutsen',
  'Bakken', 'Kristoffersen', 'Mathisen', 'Lie', 'Amundsen', 'Nguyen', 'Rasmussen', 'Lunde', 'Solheim', 'Berge', 'Moe',
  'Bakke', 'Kristensen', 'Fredriksen', 'Holm', 'Lien', 'Hauge', 'Christensen', 'Ali', 'Ahmed', 'Eira', 'Somby', 'Utsi',
  'Sara', 'Gaup', 'Kowalski', 'Shevchenko', 'Ødegård']

/** A given name, chosen by the place. */
export function givenName(sex: 'kvinne' | 'mann', seed: number, place: number): string {
  const names = sex === 'kvinne' ? WOMEN : MEN
  return names[chosen(names.length, seed, place, 50)] ?? ''
}

/** A family name, chosen by the place. */
export function familyName(seed: number, place: number): string {
  return FAMILIES[chosen(FAMILIES.length, seed, place, 51)] ?? ''
}
