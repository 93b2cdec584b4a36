/* document.c - the one file that knows libyaml: its events as a tree, within bounds. */
#include "sweeps/spec/document.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "core/base/file.h"

/* What is being built: the containers that are still open, and a key that waits for its value. */
typedef struct builder {
  vs_problems *problems;
  const char *name; /* of the text, in problems */
  int source;
  int documents;
  vs_document_node *root;
  vs_document_node *open[VS_DOCUMENT_MAX_DEPTH];
  size_t depth;
  char *key;
  vs_mark key_mark;
} builder;

static vs_mark mark_at(const builder *build, yaml_mark_t mark) {
  return (vs_mark){build->source, (int)mark.line + 1, (int)mark.column + 1};
}

static vs_document_node *new_node(vs_problems *problems, vs_document_node_kind kind, vs_mark mark) {
  vs_document_node *node = calloc(1, sizeof *node);
  if (node == NULL) {
    problems->no_memory = true;
    return NULL;
  }
  node->kind = kind;
  node->mark = mark;
  return node;
}

static void append(vs_document_node *parent, vs_document_node *node) {
  if (parent->last == NULL)
    parent->first = node;
  else
    parent->last->next = node;
  parent->last = node;
  parent->count++;
}

void vs_document_node_free(vs_document_node *node) {
  if (node == NULL) return;
  for (vs_document_node *child = node->first; child != NULL;) {
    vs_document_node *next = child->next;
    vs_document_node_free(child);
    child = next;
  }
  free(node->text);
  free(node->key);
  free(node);
}

bool vs_document_node_is_null(const vs_document_node *node) {
  if (node->kind != VS_NODE_SCALAR || node->quoted) return false;
  return node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}

void vs_document_node_split(vs_document_node *node, vs_problems *problems) {
  assert(node->kind == VS_NODE_SCALAR);
  char *text = node->text;
  node->text = NULL;
  node->kind = VS_NODE_LIST;
  for (char *rest = text; rest != NULL;) {
    char *item = strsep(&rest, ",");
    while (isspace((unsigned char)*item)) item++;
    size_t length = strlen(item);
    while (length > 0 && isspace((unsigned char)item[length - 1])) length--;
    vs_document_node *child = new_node(problems, VS_NODE_SCALAR, node->mark);
    if (child == NULL) break;
    append(node, child);
    child->text = strndup(item, length);
    if (child->text == NULL) {
      problems->no_memory = true;
      child->kind = VS_NODE_BAD;
      break;
    }
  }
  free(text);
}

/* Whether the next scalar is a key. */
static bool wants_key(const builder *build) {
  return build->depth > 0 && build->open[build->depth - 1]->kind == VS_NODE_MAP &&
         build->key == NULL;
}

static bool refuse(builder *build, vs_mark mark, const char *what) {
  vs_problems_add(build->problems, mark, build->name, "%s", what);
  return false;
}

/* Puts a finished scalar or a beginning container where it belongs. Takes the node. */
static bool place(builder *build, vs_document_node *node) {
  if (node == NULL) return false;
  if (build->depth == 0) {
    assert(build->root == NULL); /* a document is one node, and there is one document */
    build->root = node;
    return true;
  }
  vs_document_node *parent = build->open[build->depth - 1];
  node->key = build->key;
  node->key_mark = build->key_mark;
  build->key = NULL;
  append(parent, node);
  if (parent->kind == VS_NODE_LIST && parent->count > VS_DOCUMENT_MAX_LIST)
    return refuse(build, node->mark, "a list of more than 10000 values");
  if (parent->kind == VS_NODE_MAP && parent->count > VS_DOCUMENT_MAX_KEYS)
    return refuse(build, node->key_mark, "more than 256 keys in one place");
  return true;
}

static bool take_scalar(builder *build, const yaml_event_t *event) {
  vs_mark mark = mark_at(build, event->start_mark);
  const char *value = (const char *)event->data.scalar.value;
  size_t length = event->data.scalar.length;
  if (memchr(value, '\0', length) != NULL) return refuse(build, mark, "a zero byte in a text");
  char *text = strndup(value, length);
  if (text == NULL) {
    build->problems->no_memory = true;
    return false;
  }
  if (wants_key(build)) {
    build->key = text;
    build->key_mark = mark;
    return true;
  }
  vs_document_node *node = new_node(build->problems, VS_NODE_SCALAR, mark);
  if (node == NULL) {
    free(text);
    return false;
  }
  node->text = text;
  node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  return place(build, node);
}

static bool open_container(builder *build, vs_document_node_kind kind, const yaml_event_t *event) {
  vs_mark mark = mark_at(build, event->start_mark);
  if (wants_key(build)) return refuse(build, mark, "a key must be a word");
  if (build->depth == VS_DOCUMENT_MAX_DEPTH)
    return refuse(build, mark, "nested more than 16 levels deep");
  vs_document_node *node = new_node(build->problems, kind, mark);
  if (!place(build, node)) return false;
  build->open[build->depth++] = node;
  return true;
}

static bool take_alias(builder *build, const yaml_event_t *event) {
  vs_mark mark = mark_at(build, event->start_mark);
  bool is_key = wants_key(build);
  refuse(build, mark, "aliases (*name) are not used in sweep files: write the value out");
  return !is_key && place(build, new_node(build->problems, VS_NODE_BAD, mark));
}

/* Anchors and tags are told and then ignored, so that the rest of the file is checked too. */
static void check_properties(builder *build, const yaml_event_t *event, const yaml_char_t *anchor,
                             const yaml_char_t *tag) {
  vs_mark mark = mark_at(build, event->start_mark);
  if (anchor != NULL) refuse(build, mark, "anchors (&name) are not used in sweep files");
  if (tag != NULL) refuse(build, mark, "tags (!name) are not used in sweep files");
}

/* false: do not go on. */
static bool take_event(builder *build, const yaml_event_t *event) {
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (build->documents++ == 0) return true;
    return refuse(build, mark_at(build, event->start_mark),
                  "a second document; a sweep file holds one");
  case YAML_ALIAS_EVENT:
    return take_alias(build, event);
  case YAML_SCALAR_EVENT:
    check_properties(build, event, event->data.scalar.anchor, event->data.scalar.tag);
    return take_scalar(build, event);
  case YAML_SEQUENCE_START_EVENT:
    check_properties(build, event, event->data.sequence_start.anchor,
                     event->data.sequence_start.tag);
    return open_container(build, VS_NODE_LIST, event);
  case YAML_MAPPING_START_EVENT:
    check_properties(build, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    return open_container(build, VS_NODE_MAP, event);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    assert(build->depth > 0); /* libyaml pairs beginnings and ends */
    build->depth--;
    return true;
  default:
    return true;
  }
}

/* Line and column of a byte, for the errors that libyaml gives as an offset. */
static vs_mark mark_of_byte(const char *text, size_t size, size_t offset, int source) {
  vs_mark mark = {source, 1, 1};
  for (size_t i = 0; i < offset && i < size; i++) {
    mark.column += ((unsigned char)text[i] & 0xC0) != 0x80;
    if (text[i] != '\n') continue;
    mark.line++;
    mark.column = 1;
  }
  return mark;
}

static bool line_has_leading_tab(const char *text, size_t size, int line) {
  const char *end = text + size;
  for (int i = 1; i < line && text != NULL; i++) {
    text = memchr(text, '\n', (size_t)(end - text));
    if (text != NULL) text++;
  }
  if (text == NULL) return false;
  while (text < end && *text == ' ') text++;
  return text < end && *text == '\t';
}

static void report_syntax(builder *build, const yaml_parser_t *parser, const char *text,
                          size_t size) {
  if (parser->error == YAML_MEMORY_ERROR) {
    build->problems->no_memory = true;
    return;
  }
  if (parser->error == YAML_READER_ERROR) {
    vs_mark mark = mark_of_byte(text, size, parser->problem_offset, build->source);
    vs_problems_add(build->problems, mark, build->name, "%s (sweep files are text in UTF-8)",
                    parser->problem);
    return;
  }
  vs_mark mark = mark_at(build, parser->problem_mark);
  const char *problem = parser->problem != NULL ? parser->problem : "not YAML";
  if (line_has_leading_tab(text, size, mark.line))
    vs_problems_add(build->problems, mark, build->name, "a tab: indent with spaces");
  else if (parser->context != NULL && parser->context_mark.line + 1 != (size_t)mark.line)
    vs_problems_add(build->problems, mark, build->name, "%s, %s that began in line %zu", problem,
                    parser->context, parser->context_mark.line + 1);
  else
    vs_problems_add(build->problems, mark, build->name, "%s", problem);
}

vs_document_node *vs_document_parse(const char *text, size_t size, int source, const char *key,
                                    vs_problems *problems) {
  builder build = {.problems = problems, .name = key, .source = source};
  if (size > VS_DOCUMENT_MAX_BYTES) {
    refuse(&build, (vs_mark){source, 1, 1}, "more than 1 MiB; that is not a sweep file");
    return NULL;
  }
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) {
    problems->no_memory = true;
    return NULL;
  }
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) { /* the mark some editors put in front */
    text += 3;
    size -= 3;
  }
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
  bool going = true, whole = false;
  while (going && !whole) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) {
      report_syntax(&build, &parser, text, size);
      break;
    }
    going = take_event(&build, &event);
    whole = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  free(build.key);
  if (whole) return build.root;
  vs_document_node_free(build.root);
  return NULL;
}

vs_status vs_document_read(const char *path, vs_document_taker *take, void *context) {
  char *text = NULL;
  size_t size = 0;
  vs_status status = vs_file_read(path, VS_DOCUMENT_MAX_BYTES, &text, &size);
  if (status != VS_OK) return status;
  vs_problems problems = {0};
  vs_document_node *root = vs_document_parse(text, size, VS_SOURCE_FILE, "YAML", &problems);
  take(context, root, &problems);
  status = vs_problems_report(&problems, path);
  vs_problems_clear(&problems);
  vs_document_node_free(root);
  free(text);
  return status;
}
