#include "core/tensor/pool.h"

#include "core/base/multiversion.h"

VS_MULTIVERSION
void vs_pool_forward(const float *x, int height, int width, int channels, float *y) {
  const size_t C = (size_t)channels, row = (size_t)width * C;
  for (int i = 0; i < height / 2; i++) {
    for (int j = 0; j < width / 2; j++, y += C) {
      const float *window = x + 2 * (size_t)i * row + 2 * (size_t)j * C;
      for (size_t c = 0; c < C; c++) {
        const float a = window[c], b = window[C + c];
        const float d = window[row + c], e = window[row + C + c];
        /* written so that a NaN in the window comes through, as in PyTorch */
        const float top = b > a || b != b ? b : a;
        const float bottom = e > d || e != e ? e : d;
        y[c] = bottom > top || bottom != bottom ? bottom : top;
      }
    }
  }
}

VS_MULTIVERSION
void vs_pool_backward(const float *x, const float *y, const float *dy, int height, int width,
                      int channels, float *dx) {
  const size_t C = (size_t)channels, row = (size_t)width * C;
  if (width % 2 != 0 || height % 2 != 0)
    for (size_t i = 0; i < (size_t)height * row; i++) dx[i] = 0.0f; /* the dropped border */
  for (int i = 0; i < height / 2; i++) {
    for (int j = 0; j < width / 2; j++, y += C, dy += C) {
      const size_t at = 2 * (size_t)i * row + 2 * (size_t)j * C;
      const float *window = x + at;
      float *to = dx + at;
      for (size_t c = 0; c < C; c++) {
        const float largest = y[c], gradient = dy[c];
        const int first = window[c] == largest;
        const int second = !first & (window[C + c] == largest);
        const int third = !first & !second & (window[row + c] == largest);
        const int fourth = !first & !second & !third & (window[row + C + c] == largest);
        to[c] = first ? gradient : 0.0f;
        to[C + c] = second ? gradient : 0.0f;
        to[row + c] = third ? gradient : 0.0f;
        to[row + C + c] = fourth ? gradient : 0.0f;
      }
    }
  }
}

VS_MULTIVERSION
void vs_relu_forward(const float *x, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] < 0.0f ? 0.0f : x[i];
}

VS_MULTIVERSION
void vs_relu_backward(const float *y, float *dy, size_t count) {
  for (size_t i = 0; i < count; i++) dy[i] = y[i] > 0.0f ? dy[i] : 0.0f;
}
