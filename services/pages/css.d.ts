/** The bundler takes stylesheets that are imported. */
declare module '*.css' {}
