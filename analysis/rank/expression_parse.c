/* Recursive descent, about one function per line of the grammar in expression.h. Each leaves its
 * node in *out and the parser behind it; a failure is recorded where it is noticed and handed up.
 * Types are settled while the tree is built, so that evaluation has nothing to check. */
#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics/axis_name.h"
#include "analysis/metrics/columns.h"
#include "analysis/rank/expression_tree.h"
#include "core/base/suggest.h"
#include "core/base/utf8.h"
#include "sweeps/spec/schema.h"

typedef struct parser {
  vs_expression *expression;
  const vs_results *results;
  const char *text;
  size_t at; /* bytes of text already read */
  int depth;
  bool beside_text; /* a text stands to the left of the comparison being read */
} parser;

static vs_status parse_or(parser *p, const vs_expression_node **out);
static vs_status parse_sum(parser *p, const vs_expression_node **out);

/* --- characters ------------------------------------------------------------------------------- */

static bool begins_name(char c) {
  return isalpha((unsigned char)c) || c == '_';
}

static bool continues_name(char c) {
  return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static size_t name_length(const char *s) {
  size_t length = 0;
  while (continues_name(s[length])) length++;
  return length;
}

/* Bytes of the character at `s`; what is no UTF-8 is a character by itself. */
static size_t character_length(const char *s) {
  int length = vs_utf8_length(s);
  return length > 0 ? (size_t)length : 1;
}

/* The place of a mistake as users count it: in characters, from 1. */
static size_t column_of(const parser *p, size_t at) {
  size_t column = 1;
  for (size_t i = 0; i < at; i += character_length(p->text + i)) column++;
  return column;
}

/* Bytes of `s` that a message shows: `length`, or as many as 64 characters take. */
static int shown_length(const char *s, size_t length) {
  size_t shown = 0;
  for (int count = 0; count < 64 && shown < length; count++) shown += character_length(s + shown);
  return (int)shown;
}

/* What comes next, blanks skipped. */
static const char *next(parser *p) {
  while (isspace((unsigned char)p->text[p->at])) p->at++;
  return p->text + p->at;
}

/* Takes `word` if it comes next. */
static bool accept(parser *p, const char *word) {
  size_t length = strlen(word);
  if (strncmp(next(p), word, length) != 0) return false;
  p->at += length;
  return true;
}

static vs_status fail_expected(parser *p, const char *expected) {
  const char *found = next(p);
  if (*found == '\0')
    return vs_fail(VS_ERR_USAGE, "column %zu: expected %s, but the text ends here",
                   column_of(p, p->at), expected);
  size_t length = begins_name(*found) ? name_length(found) : character_length(found);
  return vs_fail(VS_ERR_USAGE, "column %zu: expected %s, found \"%.*s\"", column_of(p, p->at),
                 expected, shown_length(found, length), found);
}

/* Every construct that holds another one of any depth enters and leaves. */
static vs_status enter(parser *p) {
  if (++p->depth <= VS_EXPRESSION_MAX_DEPTH) return VS_OK;
  return vs_fail(VS_ERR_LIMIT, "column %zu: nested deeper than %d levels", column_of(p, p->at),
                 VS_EXPRESSION_MAX_DEPTH);
}

/* --- nodes and their types -------------------------------------------------------------------- */

static vs_expression_node *new_node(parser *p, vs_expression_node_kind kind, vs_node_type type) {
  vs_expression_node *node = &p->expression->nodes[p->expression->count++];
  *node = (vs_expression_node){.kind = kind, .type = type};
  return node;
}

static const char *type_name(vs_node_type type) {
  switch (type) {
  case VS_TYPE_NUMBER:
    return "a number";
  case VS_TYPE_TEXT:
    return "a text";
  case VS_TYPE_TRUTH:
    return "a condition";
  }
  return "nothing";
}

static vs_status expect_type(const parser *p, const vs_expression_node *node, vs_node_type type,
                             size_t at, const char *word) {
  if (node->type == type) return VS_OK;
  return vs_fail(VS_ERR_USAGE, "column %zu: %s works on %s, not on %s", column_of(p, at), word,
                 type == VS_TYPE_NUMBER ? "numbers" : "conditions (a > b)", type_name(node->type));
}

/* Joins two operands of one type into one node; `at` is where the operator's word stands. */
static vs_status join(parser *p, vs_expression_node_kind kind, vs_node_type type,
                      const vs_expression_node *left, const vs_expression_node *right, size_t at,
                      const char *word, const vs_expression_node **out) {
  assert(left != NULL);
  vs_status status = expect_type(p, left, type, at, word);
  if (status == VS_OK && right != NULL) status = expect_type(p, right, type, at, word);
  if (status != VS_OK) return status;
  vs_expression_node *node = new_node(p, kind, type);
  node->left = left;
  node->right = right;
  *out = node;
  return VS_OK;
}

/* --- names ------------------------------------------------------------------------------------ */

static const char verdict_word[] = "verdict";

static vs_status fail_unknown_name(const parser *p, size_t at, const char *word) {
  size_t metric_count, case_count, axis_count = vs_results_axis_count(p->results);
  const vs_column *columns[VS_ROW_MAX_COLUMNS];
  const size_t column_count = vs_columns_listed(columns);
  const vs_metric *metrics = vs_metric_table(&metric_count);
  const vs_case_figure *figures = vs_verdict_case_figures(&case_count);
  size_t count = 0, total = 1 + column_count + metric_count + case_count + 2 * axis_count;
  const char **names = malloc(total * sizeof *names);
  if (names == NULL) return vs_fail(VS_ERR_MEMORY, "no memory for %zu names", total);
  for (size_t i = 0; i < metric_count; i++) names[count++] = metrics[i].name;
  names[count++] = verdict_word;
  for (size_t i = 0; i < case_count; i++) names[count++] = figures[i].name;
  for (size_t i = 0; i < axis_count; i++) names[count++] = vs_results_axis(p->results, i)->name;
  for (size_t i = 0; i < column_count; i++) names[count++] = columns[i]->name;
  for (size_t i = 0; i < axis_count; i++) names[count + i] = vs_axis_name_label(p->results, i);
  const char *guess = vs_suggest(word, names, total);
  if (guess != NULL) {
    vs_fail(VS_ERR_USAGE, "column %zu: unknown name \"%s\" (did you mean \"%s\"?)",
            column_of(p, at), word, guess);
  } else {
    vs_fail(VS_ERR_USAGE, "column %zu: unknown name \"%s\"; there are", column_of(p, at), word);
    for (size_t i = 0; i < count; i++)
      vs_fail(VS_ERR_USAGE, "%s%s %s", vs_status_message(), i == 0 ? "" : ",", names[i]);
  }
  free(names);
  return VS_ERR_USAGE;
}

/* A word where a text was meant. Shells take quotes away, so that even those see this who wrote
 * them. */
static vs_status fail_unquoted(const parser *p, size_t at) {
  size_t length = strcspn(p->text + at, " \t\n&|()=!<>\"'");
  return vs_fail(VS_ERR_USAGE,
                 "column %zu: unknown name \"%.*s\"; a text stands in quotes, and the condition in "
                 "others: 'layer == \"relu4_3\"'",
                 column_of(p, at), shown_length(p->text + at, length), p->text + at);
}

static vs_status fail_ambiguous(const parser *p, size_t at, const char *word) {
  size_t count, axes = vs_results_axis_count(p->results);
  vs_fail(VS_ERR_USAGE, "column %zu: \"%s\" may be", column_of(p, at), word);
  for (size_t i = vs_axis_name_find(p->results, word, &count), listed = 0; i < axes; i++) {
    const char *key = vs_results_axis(p->results, i)->name;
    if (!vs_schema_ends_in(key, word)) continue;
    vs_fail(VS_ERR_USAGE, "%s%s %s", vs_status_message(), listed++ == 0 ? "" : " or", key);
  }
  return VS_ERR_USAGE;
}

static vs_expression_node *take_node(parser *p, vs_expression_node_kind kind, bool is_text,
                                     const vs_expression_node **out) {
  vs_expression_node *node = new_node(p, kind, is_text ? VS_TYPE_TEXT : VS_TYPE_NUMBER);
  *out = node;
  return node;
}

static vs_status parse_name(parser *p, const vs_expression_node **out) {
  size_t at = p->at, length = name_length(p->text + at);
  char word[VS_AXIS_NAME];
  if (length >= sizeof word)
    return vs_fail(VS_ERR_USAGE, "column %zu: no name is %zu characters long", column_of(p, at),
                   length);
  memcpy(word, p->text + at, length);
  word[length] = '\0';
  p->at += length;
  const vs_column *column = vs_row_find_column(word);
  const vs_metric *metric = vs_metric_find(word);
  const vs_case_figure *figure = vs_verdict_case_figure_find(word);
  size_t axes, axis = vs_axis_name_find(p->results, word, &axes);
  if (strcmp(word, verdict_word) == 0) {
    take_node(p, VS_NODE_VERDICT, true, out);
  } else if (figure != NULL) {
    take_node(p, VS_NODE_CASE, false, out)->figure = figure;
  } else if (metric != NULL) {
    take_node(p, VS_NODE_METRIC, false, out)->metric = metric;
  } else if (column != NULL) {
    take_node(p, VS_NODE_COLUMN, vs_row_holds_text(column), out)->column = column;
  } else if (axes == 1) {
    bool is_text = !vs_results_axis(p->results, axis)->is_number;
    take_node(p, VS_NODE_AXIS, is_text, out)->axis = axis;
  } else if (axes > 1) {
    return fail_ambiguous(p, at, word);
  } else {
    bool is_text = p->beside_text || vs_vgg16_find_tap(word) >= 0;
    return is_text ? fail_unquoted(p, at) : fail_unknown_name(p, at, word);
  }
  return VS_OK;
}

/* --- primary and unary ------------------------------------------------------------------------ */

/* Digits, a fraction and an exponent: no signs, hexadecimal, "inf" or "nan", which strtod would
 * take. */
static size_t number_length(const char *s) {
  size_t length = strspn(s, "0123456789");
  if (s[length] == '.') length += 1 + strspn(s + length + 1, "0123456789");
  if (s[length] == 'e' || s[length] == 'E') {
    size_t sign = s[length + 1] == '+' || s[length + 1] == '-' ? 1 : 0;
    size_t digits = strspn(s + length + 1 + sign, "0123456789");
    if (digits > 0) length += 1 + sign + digits;
  }
  return length;
}

static vs_status parse_number(parser *p, const vs_expression_node **out) {
  char digits[64];
  size_t length = number_length(p->text + p->at);
  if (length >= sizeof digits)
    return vs_fail(VS_ERR_USAGE, "column %zu: a number of more than %zu characters",
                   column_of(p, p->at), sizeof digits - 1);
  memcpy(digits, p->text + p->at, length);
  digits[length] = '\0';
  vs_expression_node *node = new_node(p, VS_NODE_NUMBER, VS_TYPE_NUMBER);
  node->number = strtod(digits, NULL);
  if (!isfinite(node->number))
    return vs_fail(VS_ERR_USAGE, "column %zu: %s is too large a number", column_of(p, p->at),
                   digits);
  p->at += length;
  *out = node;
  return VS_OK;
}

static vs_status parse_text(parser *p, const vs_expression_node **out) {
  const char *begin = p->text + p->at + 1;
  const char *end = strchr(begin, begin[-1]);
  if (end == NULL)
    return vs_fail(VS_ERR_USAGE, "column %zu: the text that begins here has no closing %c",
                   column_of(p, p->at), begin[-1]);
  size_t length = (size_t)(end - begin);
  vs_expression *e = p->expression;
  vs_expression_node *node = new_node(p, VS_NODE_TEXT, VS_TYPE_TEXT);
  node->text = memcpy(e->literals + e->literals_bytes, begin, length);
  e->literals[e->literals_bytes + length] = '\0';
  e->literals_bytes += length + 1;
  p->at += length + 2;
  *out = node;
  return VS_OK;
}

typedef struct function {
  const char *name;
  vs_expression_node_kind kind;
  int arguments; /* 1 or 2 */
} function;

static const function *find_function(const char *s) {
  static const function functions[] = {
      {"abs", VS_NODE_ABS, 1}, {"min", VS_NODE_MIN, 2}, {"max", VS_NODE_MAX, 2}};
  size_t length = name_length(s);
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    if (strlen(functions[i].name) == length && memcmp(functions[i].name, s, length) == 0)
      return &functions[i];
  return NULL;
}

static vs_status parse_function(parser *p, const function *f, const vs_expression_node **out) {
  size_t at = p->at;
  p->at += strlen(f->name);
  if (!accept(p, "(")) return fail_expected(p, "\"(\" after the function's name");
  const vs_expression_node *left = NULL, *right = NULL;
  vs_status status = enter(p);
  if (status == VS_OK) status = parse_sum(p, &left);
  if (status == VS_OK && f->arguments == 2)
    status = accept(p, ",") ? parse_sum(p, &right) : fail_expected(p, "\",\" and another number");
  if (status != VS_OK) return status;
  if (!accept(p, ")")) return fail_expected(p, "\")\"");
  p->depth--;
  return join(p, f->kind, VS_TYPE_NUMBER, left, right, at, f->name, out);
}

static vs_status parse_primary(parser *p, const vs_expression_node **out) {
  const char *s = next(p);
  if (isdigit((unsigned char)s[0]) || (s[0] == '.' && isdigit((unsigned char)s[1])))
    return parse_number(p, out);
  if (*s == '"' || *s == '\'') return parse_text(p, out);
  if (begins_name(*s)) {
    const function *f = find_function(s);
    return f != NULL ? parse_function(p, f, out) : parse_name(p, out);
  }
  if (!accept(p, "(")) return fail_expected(p, "a name, a number, a text in quotes or \"(\"");
  vs_status status = enter(p);
  if (status == VS_OK) status = parse_or(p, out);
  if (status != VS_OK) return status;
  if (!accept(p, ")")) return fail_expected(p, "an operator or \")\"");
  p->depth--;
  return VS_OK;
}

static vs_status parse_unary(parser *p, const vs_expression_node **out) {
  size_t at = (size_t)(next(p) - p->text);
  if (!accept(p, "-")) return parse_primary(p, out);
  const vs_expression_node *operand = NULL;
  vs_status status = enter(p);
  if (status == VS_OK) status = parse_unary(p, &operand);
  p->depth--;
  if (status != VS_OK) return status;
  return join(p, VS_NODE_NEGATE, VS_TYPE_NUMBER, operand, NULL, at, "-", out);
}

/* --- binary operators ------------------------------------------------------------------------- */

typedef struct operation {
  const char *word;
  vs_expression_node_kind kind;
} operation;

/* The one of `count` operators that comes next, taken; NULL if none does. An operator stands before
 * those that are its beginning. */
static const operation *accept_operation(parser *p, const operation *list, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (accept(p, list[i].word)) return &list[i];
  return NULL;
}

typedef vs_status parse_operand(parser *p, const vs_expression_node **out);

/* operand (operator operand)*, grouped from the left. */
static vs_status parse_chain(parser *p, const operation *list, size_t count, vs_node_type type,
                             parse_operand *operand, const vs_expression_node **out) {
  const vs_expression_node *left = NULL;
  vs_status status = operand(p, &left);
  while (status == VS_OK) {
    size_t at = (size_t)(next(p) - p->text);
    const operation *found = accept_operation(p, list, count);
    if (found == NULL) break;
    const vs_expression_node *right = NULL;
    status = operand(p, &right);
    if (status == VS_OK) status = join(p, found->kind, type, left, right, at, found->word, &left);
  }
  *out = left;
  return status;
}

static vs_status parse_product(parser *p, const vs_expression_node **out) {
  static const operation list[] = {{"*", VS_NODE_MULTIPLY}, {"/", VS_NODE_DIVIDE}};
  return parse_chain(p, list, 2, VS_TYPE_NUMBER, parse_unary, out);
}

static vs_status parse_sum(parser *p, const vs_expression_node **out) {
  static const operation list[] = {{"+", VS_NODE_ADD}, {"-", VS_NODE_SUBTRACT}};
  return parse_chain(p, list, 2, VS_TYPE_NUMBER, parse_product, out);
}

/* --- comparisons ------------------------------------------------------------------------------ */

/* The words that a column, or the verdict, can hold, where they are known; returns how many. */
static size_t words_of(const vs_expression_node *node, const char *words[VS_ROW_MAX_WORDS]) {
  _Static_assert(VS_VERDICT_COUNT <= VS_ROW_MAX_WORDS, "there are more taps than anything else");
  size_t count = 0;
  if (node->kind == VS_NODE_VERDICT)
    for (int v = 0; v < VS_VERDICT_COUNT; v++) words[count++] = vs_verdict_name((vs_verdict)v);
  if (node->kind == VS_NODE_COLUMN) count = vs_row_words(node->column, words);
  return count;
}

/* A column compared with a word that it never holds would silently select nothing. */
static vs_status check_word(const parser *p, const vs_expression_node *column,
                            const vs_expression_node *literal, size_t at) {
  if (literal->kind != VS_NODE_TEXT) return VS_OK;
  const char *words[VS_ROW_MAX_WORDS];
  size_t count = words_of(column, words);
  for (size_t i = 0; i < count; i++)
    if (strcmp(words[i], literal->text) == 0) return VS_OK;
  if (count == 0) return VS_OK;
  const char *name = column->kind == VS_NODE_VERDICT ? verdict_word : column->column->name;
  const char *guess = vs_suggest(literal->text, words, count);
  if (guess != NULL)
    return vs_fail(VS_ERR_USAGE, "column %zu: no %s is \"%s\" (did you mean \"%s\"?)",
                   column_of(p, at), name, literal->text, guess);
  vs_fail(VS_ERR_USAGE, "column %zu: no %s is \"%s\" (there are", column_of(p, at), name,
          literal->text);
  for (size_t i = 0; i < count; i++)
    vs_fail(VS_ERR_USAGE, "%s%s %s", vs_status_message(), i == 0 ? "" : ",", words[i]);
  return vs_fail(VS_ERR_USAGE, "%s)", vs_status_message());
}

static vs_status check_comparison(const parser *p, const operation *op,
                                  const vs_expression_node *left, const vs_expression_node *right,
                                  size_t at) {
  if (left->type == VS_TYPE_TRUTH || right->type == VS_TYPE_TRUTH)
    return vs_fail(VS_ERR_USAGE,
                   "column %zu: %s compares numbers or texts; join conditions with && and ||",
                   column_of(p, at), op->word);
  if (left->type != right->type)
    return vs_fail(VS_ERR_USAGE, "column %zu: %s cannot compare %s with %s", column_of(p, at),
                   op->word, type_name(left->type), type_name(right->type));
  if (left->type == VS_TYPE_NUMBER) return VS_OK;
  if (op->kind != VS_NODE_EQUAL && op->kind != VS_NODE_UNEQUAL)
    return vs_fail(VS_ERR_USAGE, "column %zu: texts are compared with == and !=, not with %s",
                   column_of(p, at), op->word);
  vs_status status = check_word(p, left, right, at);
  return status == VS_OK ? check_word(p, right, left, at) : status;
}

static vs_status parse_comparison(parser *p, const vs_expression_node **out) {
  static const operation list[] = {{"==", VS_NODE_EQUAL},      {"!=", VS_NODE_UNEQUAL},
                                   {"<=", VS_NODE_LESS_EQUAL}, {">=", VS_NODE_GREATER_EQUAL},
                                   {"<", VS_NODE_LESS},        {">", VS_NODE_GREATER}};
  const size_t count = sizeof list / sizeof list[0];
  const vs_expression_node *left = NULL, *right = NULL;
  vs_status status = parse_sum(p, &left);
  *out = left;
  if (status != VS_OK) return status;
  size_t at = (size_t)(next(p) - p->text);
  const operation *op = accept_operation(p, list, count);
  if (op == NULL) return VS_OK;
  p->beside_text = left->type == VS_TYPE_TEXT;
  status = parse_sum(p, &right);
  p->beside_text = false;
  if (status == VS_OK) status = check_comparison(p, op, left, right, at);
  if (status != VS_OK) return status;
  vs_expression_node *node = new_node(p, op->kind, VS_TYPE_TRUTH);
  node->left = left;
  node->right = right;
  *out = node;
  at = (size_t)(next(p) - p->text);
  if (accept_operation(p, list, count) != NULL)
    return vs_fail(VS_ERR_USAGE, "column %zu: comparisons do not chain; write a < b && b < c",
                   column_of(p, at));
  return VS_OK;
}

/* --- conditions ------------------------------------------------------------------------------- */

static vs_status parse_not(parser *p, const vs_expression_node **out) {
  size_t at = (size_t)(next(p) - p->text);
  if (!accept(p, "!")) return parse_comparison(p, out);
  const vs_expression_node *operand = NULL;
  vs_status status = enter(p);
  if (status == VS_OK) status = parse_not(p, &operand);
  p->depth--;
  if (status != VS_OK) return status;
  return join(p, VS_NODE_NOT, VS_TYPE_TRUTH, operand, NULL, at, "!", out);
}

static vs_status parse_and(parser *p, const vs_expression_node **out) {
  static const operation list[] = {{"&&", VS_NODE_AND}};
  return parse_chain(p, list, 1, VS_TYPE_TRUTH, parse_not, out);
}

static vs_status parse_or(parser *p, const vs_expression_node **out) {
  static const operation list[] = {{"||", VS_NODE_OR}};
  return parse_chain(p, list, 1, VS_TYPE_TRUTH, parse_and, out);
}

/* --- the whole -------------------------------------------------------------------------------- */

/* What other languages write, and ours does not. */
static vs_status fail_left_over(parser *p) {
  static const struct {
    const char *theirs, *ours;
  } words[] = {{"and", "&&"}, {"or", "||"}, {"=", "=="}, {"&", "&&"}, {"|", "||"}};
  const char *found = next(p);
  size_t length = begins_name(*found) ? name_length(found) : 1;
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i].theirs) == length && memcmp(words[i].theirs, found, length) == 0)
      return vs_fail(VS_ERR_USAGE, "column %zu: unexpected \"%s\" (did you mean \"%s\"?)",
                     column_of(p, p->at), words[i].theirs, words[i].ours);
  return fail_expected(p, "an operator or the end");
}

static vs_status parse_whole(parser *p) {
  vs_expression *e = p->expression;
  vs_status status = parse_or(p, &e->root);
  if (status != VS_OK) return status;
  if (*next(p) != '\0') return fail_left_over(p);
  if (e->root->type == VS_TYPE_TEXT)
    return vs_fail(VS_ERR_USAGE, "column 1: a text alone says nothing; compare it: layer == "
                                 "\"relu4_3\"");
  return VS_OK;
}

vs_status vs_expression_parse(vs_expression **out, const char *text, const vs_results *results) {
  *out = NULL;
  vs_status status = VS_OK;
  size_t length = 0;
  for (int count = 0; text[length] != '\0'; length += character_length(text + length))
    if (++count > VS_EXPRESSION_MAX_LENGTH)
      return vs_fail(VS_ERR_LIMIT, "column %d: an expression has at most %d characters", count,
                     VS_EXPRESSION_MAX_LENGTH);
  vs_expression *expression = calloc(1, sizeof *expression);
  if (expression != NULL) {
    expression->nodes = calloc(length + 1, sizeof *expression->nodes);
    expression->literals = calloc(length + 1, 1);
  }
  if (expression == NULL || expression->nodes == NULL || expression->literals == NULL) {
    status = vs_fail(VS_ERR_MEMORY, "no memory for an expression");
    goto done;
  }
  parser p = {.expression = expression, .results = results, .text = text};
  status = parse_whole(&p);
  if (status != VS_OK) goto done;
  *out = expression;
  expression = NULL;
done:
  vs_expression_free(expression);
  return status;
}
