import AjvCompiler from '@fastify/ajv-compiler';

type Build = AjvCompiler.BuildCompilerFromPool;
type Validate = ReturnType<ReturnType<Build>>;

/** Servers of one process share what is compiled: their schemas are the same. */
const compilerOf: Build = AjvCompiler();

/**
 * What checks requests against schemas. Left to itself, the framework asks for a compiler at every route, each time
 * writing out all shared schemas to see whether they have changed, and compiles what every route may ever need: with our
 * many routes, most of a start. Here a schema is compiled when the first request comes that it is for.
 */
export function schemaCompilers(): { buildValidator: Build } {
  let built: { schemas: number; compiler: ReturnType<Build> } | undefined;
  return {
    buildValidator(schemas, options) {
      const count = Object.keys(schemas).length; // schemas are added, and never changed
      if (built?.schemas !== count)
        built = { schemas: count, compiler: compilerOf(schemas, options) };
      const { compiler } = built;
      return (route) => {
        let compiled: Validate | undefined;
        const validate = ((data: unknown) => {
          compiled ??= compiler(route);
          const isValid = compiled(data);
          validate.errors = compiled.errors ?? null;
          return isValid;
        }) as Validate;
        return validate;
      };
    },
  };
}
