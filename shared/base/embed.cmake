# Writes TARGET.c and embed/TARGET.h: each file of FILES as a NUL-ended C array
# `PREFIX<stem>`, and an index `TARGET_files[]` of {stem, text} in name order.
string(REPLACE "|" ";" FILES "${FILES}")
list(SORT FILES)
set(symbols "")
set(source "/* Generated from text files; do not edit. */\n#include \"embed/${TARGET}.h\"\n\n")
set(index "")
foreach(file ${FILES})
  get_filename_component(stem ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER "${PREFIX}${stem}" symbol)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(APPEND symbols "extern const char ${symbol}[];\n")
  string(APPEND source "const char ${symbol}[] = {${bytes}0};\n")
  string(APPEND index "    {\"${stem}\", ${symbol}},\n")
endforeach()
file(WRITE ${DIR}/embed/${TARGET}.h "/* Generated from text files; do not edit. */
#ifndef EMBED_${TARGET}_H
#define EMBED_${TARGET}_H

struct ${TARGET}_file {
    const char *name; /* the file's stem */
    const char *text; /* its bytes, NUL-ended */
};

/** In name order, ended by a row of NULLs. */
extern const struct ${TARGET}_file ${TARGET}_files[];

${symbols}
#endif
")
string(APPEND source "\nconst struct ${TARGET}_file ${TARGET}_files[] = {\n${index}    {0, 0},\n};\n")
file(WRITE ${DIR}/${TARGET}.c "${source}")
