/* expression_tree.h - between the parser of expressions and their evaluation; nobody else includes
 * it. */
#ifndef VS_ANALYSIS_RANK_EXPRESSION_TREE_H
#define VS_ANALYSIS_RANK_EXPRESSION_TREE_H

#include "analysis/rank/expression.h"

typedef enum vs_expression_node_kind {
  VS_NODE_NUMBER,
  VS_NODE_TEXT,
  VS_NODE_COLUMN,
  VS_NODE_METRIC,
  VS_NODE_AXIS,
  VS_NODE_VERDICT,
  VS_NODE_CASE,
  VS_NODE_NEGATE,
  VS_NODE_ABS,
  VS_NODE_MIN,
  VS_NODE_MAX,
  VS_NODE_ADD,
  VS_NODE_SUBTRACT,
  VS_NODE_MULTIPLY,
  VS_NODE_DIVIDE,
  VS_NODE_EQUAL,
  VS_NODE_UNEQUAL,
  VS_NODE_LESS,
  VS_NODE_LESS_EQUAL,
  VS_NODE_GREATER,
  VS_NODE_GREATER_EQUAL,
  VS_NODE_NOT,
  VS_NODE_AND,
  VS_NODE_OR
} vs_expression_node_kind;

typedef enum vs_node_type { VS_TYPE_NUMBER, VS_TYPE_TEXT, VS_TYPE_TRUTH } vs_node_type;

typedef struct vs_expression_node {
  vs_expression_node_kind kind;
  vs_node_type type;
  const struct vs_expression_node *left, *right; /* operands; one operand is `left` */
  double number;                                 /* VS_NODE_NUMBER */
  const char *text;             /* VS_NODE_TEXT; points into vs_expression.literals */
  const vs_column *column;      /* VS_NODE_COLUMN */
  const vs_metric *metric;      /* VS_NODE_METRIC */
  const vs_case_figure *figure; /* VS_NODE_CASE */
  size_t axis;                  /* VS_NODE_AXIS */
} vs_expression_node;

/* Every node stands for at least one character of the text, and every literal had two quotes, so
 * the text's length bounds both stores and nothing grows while parsing. */
struct vs_expression {
  vs_expression_node *nodes; /* (length + 1) owned */
  size_t count;
  char *literals; /* (length + 1) owned: the texts in quotes, each with its zero */
  size_t literals_bytes;
  const vs_expression_node *root;
};

#endif
