/** Set by the build: whether the gallery of parts is built in. Not so in what is shipped. */
declare const __GALLERY__: boolean
