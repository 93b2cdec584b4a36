/* Evaluation of a parsed expression over a run. */
#include "analysis/rank/expression.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rank/expression_tree.h"

void vs_expression_free(vs_expression *expression) {
  if (expression == NULL) return;
  free(expression->literals);
  free(expression->nodes);
  free(expression);
}

bool vs_expression_is_truth(const vs_expression *expression) {
  return expression->root->type == VS_TYPE_TRUTH;
}

vs_direction vs_expression_direction(const vs_expression *expression) {
  const vs_expression_node *root = expression->root;
  if (root->kind == VS_NODE_METRIC) return root->metric->direction;
  if (root->kind == VS_NODE_COLUMN) return root->column->direction;
  if (root->kind == VS_NODE_CASE) return root->figure->direction;
  return VS_NO_DIRECTION;
}

bool vs_expression_names(const vs_expression *expression, const char *name) {
  for (size_t i = 0; i < expression->count; i++) {
    const vs_expression_node *node = &expression->nodes[i];
    if (node->kind == VS_NODE_COLUMN && strcmp(node->column->name, name) == 0) return true;
    if (node->kind == VS_NODE_METRIC && strcmp(node->metric->name, name) == 0) return true;
    if (node->kind == VS_NODE_CASE && strcmp(node->figure->name, name) == 0) return true;
    if (node->kind == VS_NODE_VERDICT && strcmp("verdict", name) == 0) return true;
  }
  return false;
}

bool vs_expression_reads_pictures(const vs_expression *expression) {
  for (size_t i = 0; i < expression->count; i++)
    if (expression->nodes[i].kind == VS_NODE_METRIC &&
        expression->nodes[i].metric->source == VS_METRIC_PICTURES)
      return true;
  return false;
}

/* --- evaluation ------------------------------------------------------------------------------- */

/* The text of a leaf; an axis' goes into `buffer`. */
static const char *text_of(const vs_expression_node *node, const vs_verdicts *verdicts, size_t row,
                           vs_axis_value *buffer) {
  const vs_results *results = vs_metrics_results(vs_verdicts_metrics(verdicts));
  if (node->kind == VS_NODE_TEXT) return node->text;
  if (node->kind == VS_NODE_VERDICT) return vs_verdict_name(vs_verdicts_of(verdicts, row));
  if (node->kind == VS_NODE_COLUMN) return vs_row_text(vs_results_row(results, row), node->column);
  vs_results_axis_value(results, row, node->axis, buffer);
  return buffer->text;
}

static double compare_texts(const vs_expression_node *node, const vs_verdicts *verdicts,
                            size_t row) {
  vs_axis_value left_buffer, right_buffer;
  const char *left = text_of(node->left, verdicts, row, &left_buffer);
  const char *right = text_of(node->right, verdicts, row, &right_buffer);
  bool equal = strcmp(left, right) == 0;
  return (node->kind == VS_NODE_EQUAL) == equal;
}

/* What an operator with evaluated operands gives; `b` is not used by those with one. */
static double combine(vs_expression_node_kind kind, double a, double b) {
  switch (kind) {
  case VS_NODE_NEGATE:
    return -a;
  case VS_NODE_ABS:
    return fabs(a);
  case VS_NODE_MIN:
    return isnan(a) || isnan(b) ? NAN : fmin(a, b);
  case VS_NODE_MAX:
    return isnan(a) || isnan(b) ? NAN : fmax(a, b);
  case VS_NODE_ADD:
    return a + b;
  case VS_NODE_SUBTRACT:
    return a - b;
  case VS_NODE_MULTIPLY:
    return a * b;
  case VS_NODE_DIVIDE:
    return a / b;
  case VS_NODE_EQUAL:
    return a == b;
  case VS_NODE_UNEQUAL:
    return a != b;
  case VS_NODE_LESS:
    return a < b;
  case VS_NODE_LESS_EQUAL:
    return a <= b;
  case VS_NODE_GREATER:
    return a > b;
  case VS_NODE_GREATER_EQUAL:
    return a >= b;
  case VS_NODE_NOT:
    return a == 0.0;
  case VS_NODE_AND:
  case VS_NODE_OR:
    return b; /* the left side left it open */
  case VS_NODE_NUMBER:
  case VS_NODE_TEXT:
  case VS_NODE_COLUMN:
  case VS_NODE_METRIC:
  case VS_NODE_AXIS:
  case VS_NODE_VERDICT:
  case VS_NODE_CASE:
    break;
  }
  return NAN;
}

static vs_status evaluate_leaf(const vs_expression_node *node, const vs_verdicts *verdicts,
                               size_t row, double *value) {
  vs_metrics *metrics = vs_verdicts_metrics(verdicts);
  const vs_results *results = vs_metrics_results(metrics);
  if (node->kind == VS_NODE_METRIC) return vs_metrics_get(metrics, node->metric, row, value);
  if (node->kind == VS_NODE_NUMBER) {
    *value = node->number;
  } else if (node->kind == VS_NODE_COLUMN) {
    *value = vs_row_number(vs_results_row(results, row), node->column);
  } else if (node->kind == VS_NODE_CASE) {
    *value = node->figure->get(vs_verdicts_get_case(verdicts, vs_verdicts_case(verdicts, row)));
  } else {
    vs_axis_value axis;
    vs_results_axis_value(results, row, node->axis, &axis);
    *value = axis.number;
  }
  return VS_OK;
}

static vs_status evaluate(const vs_expression_node *node, const vs_verdicts *verdicts, size_t row,
                          double *value) {
  if (node->left == NULL) return evaluate_leaf(node, verdicts, row, value);
  if (node->left->type == VS_TYPE_TEXT) {
    *value = compare_texts(node, verdicts, row);
    return VS_OK;
  }
  double left, right = 0.0;
  vs_status status = evaluate(node->left, verdicts, row, &left);
  if (status != VS_OK) return status;
  bool decided =
      (node->kind == VS_NODE_AND && left == 0.0) || (node->kind == VS_NODE_OR && left != 0.0);
  if (decided) {
    *value = left;
    return VS_OK;
  }
  if (node->right != NULL) status = evaluate(node->right, verdicts, row, &right);
  if (status == VS_OK) *value = combine(node->kind, left, right);
  return status;
}

vs_status vs_expression_evaluate(const vs_expression *expression, const vs_verdicts *verdicts,
                                 size_t row, double *value) {
  return evaluate(expression->root, verdicts, row, value);
}
