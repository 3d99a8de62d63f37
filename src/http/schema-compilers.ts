import AjvCompiler from '@fastify/ajv-compiler';

type Build = AjvCompiler.BuildCompilerFromPool;

/** Servers of one process share what is compiled: their schemas are the same. */
const compilerOf: Build = AjvCompiler();

/**
 * What checks requests against schemas. Left to itself, the framework asks for a compiler at every route, and each time
 * all shared schemas are written out to see whether they have changed: with our many routes, most of a start.
 */
export function schemaCompilers(): { buildValidator: Build } {
  let built: { schemas: number; compiler: ReturnType<Build> } | undefined;
  return {
    buildValidator(schemas, options) {
      const count = Object.keys(schemas).length; // schemas are added, and never changed
      if (built?.schemas !== count)
        built = { schemas: count, compiler: compilerOf(schemas, options) };
      return built.compiler;
    },
  };
}
