/* weights_known.c - networks and files that are known by their contents: how pictures are prepared
 * for them, whose they are, and where those are that have a name. Behind weights_readers.h. */
#include <stdio.h>
#include <string.h>

#include "core/base/data.h"
#include "core/vgg/weights_readers.h"

static const char oxford[] =
    "VGG16 by K. Simonyan and A. Zisserman, Visual Geometry Group, University of Oxford, CC BY 4.0 "
    "(arXiv:1409.1556)";

static const vs_weights_known networks[] = {
    {.name = "builtin",
     .digest = "0357d9ad370631317cf5053662326dfe0c6e84ec6f6935875dd735203ea9474c",
     .sha256 = "bc4d52f055d4736ab0cf1de38d61ce18717ab8ecf720988489979dfcb0c6db1e",
     .family = VS_FAMILY_TORCHVISION},
    /* what Keras publishes, and Caffe's model before it */
    {.name = "imagenet",
     .digest = "773aab494c30a8f0a78ab85b1db4ffaff4b221bbbc58626480aa9c33b44832c2",
     .family = VS_FAMILY_CAFFE,
     .attribution = oxford},
};

/* Some files by their sha256, or by its first 8 digits, which torch.hub puts into file names and
 * checks. */
static const vs_weights_known files[] = {
    {.sha256 = "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
     .family = VS_FAMILY_TORCHVISION,
     .attribution = "VGG16 by torchvision, BSD 3-Clause (arXiv:1409.1556)"},
    {.sha256 = "88682ab5", /* vgg16_features-amdegroot-88682ab5.pth */
     .family = VS_FAMILY_AMDEGROOT,
     .attribution = oxford},
    {.sha256 = "00b39a1b", /* vgg16-00b39a1b.pth */
     .family = VS_FAMILY_CAFFE,
     .attribution = oxford},
};

enum { NETWORKS = sizeof networks / sizeof networks[0], FILES = sizeof files / sizeof files[0] };

const vs_weights_known *vs_weights_known_network(const char *digest) {
  for (size_t i = 0; i < NETWORKS; i++)
    if (strcmp(networks[i].digest, digest) == 0) return &networks[i];
  return NULL;
}

const vs_weights_known *vs_weights_known_file(const char *sha256) {
  for (size_t i = 0; i < NETWORKS; i++)
    if (networks[i].sha256 != NULL && strcmp(networks[i].sha256, sha256) == 0) return &networks[i];
  for (size_t i = 0; i < FILES; i++)
    if (strncmp(files[i].sha256, sha256, strlen(files[i].sha256)) == 0) return &files[i];
  return NULL;
}

const char *vs_weights_known_attribution(vs_family family) {
  return family == VS_FAMILY_KERAS ? oxford : NULL;
}

const char *vs_weights_known_name(const char *hex) {
  const vs_weights_known *known = vs_weights_known_network(hex);
  if (known == NULL) known = vs_weights_known_file(hex);
  return known != NULL ? known->name : NULL;
}
