// What modules ask of each other where an import would lead in a circle: each puts its own functions here, by name.

export const act = {};
