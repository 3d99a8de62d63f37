/** A program that npm cannot bring; what needs it is left out. */
export class MissingTool extends Error {
  constructor(name: string, command: string) {
    super(`left out, because ${name} is missing; ${command} brings it`);
  }
}
