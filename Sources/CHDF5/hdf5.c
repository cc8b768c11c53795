// The part that uses the HDF5 library. It runs only in the child and never returns an error: it says so in the stream.
#include <stdlib.h>
#include <string.h>

#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>  // Debian's and Ubuntu's place
#endif

#include "stream.h"

// Bounds against hostile files; a ResNet-50 of Keras has 320 datasets with paths of 50 characters, four groups deep.
enum { PATH_LIMIT = 4096, DATASET_LIMIT = 100000, LINK_LIMIT = 1000000 };

// MARK: Opening

// The core driver works on the image where it lies: nothing is copied, and no file is opened.
static void *image_of(size_t byte_count, H5FD_file_image_op_t operation, void *image) {
  (void)byte_count, (void)operation;
  return image;
}
static void *image_copied(void *to, const void *from, size_t byte_count, H5FD_file_image_op_t operation, void *image) {
  (void)from, (void)byte_count, (void)operation, (void)image;
  return to;
}
static void *image_grown(void *bytes, size_t byte_count, H5FD_file_image_op_t operation, void *image) {
  (void)bytes, (void)byte_count, (void)operation, (void)image;
  return NULL;  // It is opened for reading.
}
static herr_t image_released(void *bytes, H5FD_file_image_op_t operation, void *image) {
  (void)bytes, (void)operation, (void)image;
  return 0;
}
static void *context_kept(void *context) { return context; }
static herr_t context_released(void *context) {
  (void)context;
  return 0;
}

static hid_t open_image(void *image, size_t byte_count) {
  H5dont_atexit();
  if (H5open() < 0) fail("the HDF5 library does not start");
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  H5PLset_loading_state(0);
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  H5FD_file_image_callbacks_t callbacks = {image_of,     image_copied, image_grown, image_released,
                                           context_kept, context_released, image};
  if (access < 0 || H5Pset_fapl_core(access, 1 << 16, 0) < 0 || H5Pset_file_image_callbacks(access, &callbacks) < 0 ||
      H5Pset_file_image(access, image, byte_count) < 0)
    fail("the HDF5 library does not start");
  // The driver wants a name that no file has.
  hid_t file = H5Fopen("/nowhere/checkpoint", H5F_ACC_RDONLY, access);
  if (file < 0) fail("it is no HDF5 file or is damaged");
  return file;
}

// MARK: Element types

static int is_little_or_big(hid_t type) {
  H5T_order_t order = H5Tget_order(type);
  return order == H5T_ORDER_LE || order == H5T_ORDER_BE;
}

static const char *integer_name(hid_t type) {
  static const char *names[2][4] = {{"U8", "U16", "U32", "U64"}, {"I8", "I16", "I32", "I64"}};
  size_t size = H5Tget_size(type);
  int width = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : size == 8 ? 3 : -1;
  if (width < 0 || H5Tget_precision(type) != 8 * size || H5Tget_offset(type) != 0) return NULL;
  if (size > 1 && !is_little_or_big(type)) return NULL;
  H5T_sign_t sign = H5Tget_sign(type);
  return sign == H5T_SGN_NONE ? names[0][width] : sign == H5T_SGN_2 ? names[1][width] : NULL;
}

static const char *float_name(hid_t type) {
  static const struct {
    size_t size, exponent_at, exponent, mantissa, bias;
    const char *name;
  } known[] = {{2, 10, 5, 10, 15, "F16"}, {2, 7, 8, 7, 127, "BF16"}, {4, 23, 8, 23, 127, "F32"}, {8, 52, 11, 52, 1023, "F64"}};
  size_t sign_at, exponent_at, exponent, mantissa_at, mantissa, size = H5Tget_size(type);
  if (H5Tget_fields(type, &sign_at, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0 || !is_little_or_big(type)) return NULL;
  for (size_t index = 0; index < sizeof known / sizeof known[0]; index++) {
    if (size == known[index].size && sign_at == 8 * size - 1 && exponent_at == known[index].exponent_at &&
        exponent == known[index].exponent && mantissa_at == 0 && mantissa == known[index].mantissa &&
        H5Tget_ebias(type) == known[index].bias && H5Tget_norm(type) == H5T_NORM_IMPLIED && H5Tget_precision(type) == 8 * size &&
        H5Tget_offset(type) == 0)
      return known[index].name;
  }
  return NULL;
}

// h5py stores truth values as an enumeration of FALSE = 0 and TRUE = 1.
static const char *enumeration_name(hid_t type) {
  int8_t no = -1, yes = -1;
  if (H5Tget_size(type) != 1 || H5Tget_nmembers(type) != 2) return NULL;
  if (H5Tenum_valueof(type, "FALSE", &no) < 0 || H5Tenum_valueof(type, "TRUE", &yes) < 0) return NULL;
  return no == 0 && yes == 1 ? "BOOL" : NULL;
}

// The safetensors name of the element type; NULL for what is no plain number, which `other` then describes.
static const char *element_name(hid_t type, const char **other) {
  *other = "HDF5's numbers of an unusual kind";
  switch (H5Tget_class(type)) {
    case H5T_INTEGER: return integer_name(type);
    case H5T_FLOAT: return float_name(type);
    case H5T_ENUM: *other = "HDF5's enumeration"; return enumeration_name(type);
    case H5T_STRING: *other = "HDF5's string"; return NULL;
    case H5T_COMPOUND: *other = "HDF5's compound"; return NULL;
    case H5T_REFERENCE: *other = "HDF5's reference"; return NULL;
    case H5T_VLEN: *other = "HDF5's variable length"; return NULL;
    case H5T_ARRAY: *other = "HDF5's array of arrays"; return NULL;
    default: *other = "HDF5's other type"; return NULL;
  }
}

// MARK: Datasets

typedef struct dataset {
  hid_t id, type;
  const char *element, *other;
  size_t width;
  int rank;
  hsize_t sizes[H5S_MAX_RANK];
  uint64_t byte_count;
  int is_direct;     // the elements lie in the file as they are wanted, from `place` on
  uint64_t place;
} dataset;

// Refuses what would lead out of the file or needs code that is not in the library.
static H5D_layout_t checked_layout(hid_t id, const char *path) {
  hid_t creation = H5Dget_create_plist(id);
  if (creation < 0) fail("a dataset's description is damaged");
  if (H5Pget_external_count(creation) > 0) refuse(path, "keeps its elements in another file");
  H5D_layout_t layout = H5Pget_layout(creation);
  if (layout != H5D_COMPACT && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED) refuse(path, "is put together from other datasets");
  int filters = H5Pget_nfilters(creation);
  if (filters < 0) fail("a dataset's description is damaged");
  for (int index = 0; index < filters; index++) {
    unsigned flags;
    size_t none = 0;
    H5Z_filter_t filter = H5Pget_filter2(creation, (unsigned)index, &flags, &none, NULL, 0, NULL, NULL);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE && filter != H5Z_FILTER_FLETCHER32)
      refuse(path, "is compressed with a filter other than gzip");
  }
  H5Pclose(creation);
  return layout;
}

static dataset described(hid_t id, const char *path) {
  dataset found = {.id = id, .type = H5Dget_type(id)};
  H5D_layout_t layout = checked_layout(id, path);
  if (found.type < 0) fail("a dataset's element type is damaged");
  found.element = element_name(found.type, &found.other);
  if (!found.element) return found;
  found.width = H5Tget_size(found.type);
  hid_t space = H5Dget_space(id);
  H5S_class_t kind = space < 0 ? H5S_NO_CLASS : H5Sget_simple_extent_type(space);
  if (kind == H5S_NULL) {
    found.element = NULL;
    found.other = "HDF5's nothing";
    return found;
  }
  found.rank = kind == H5S_NO_CLASS ? -1 : H5Sget_simple_extent_ndims(space);
  if (found.rank < 0 || found.rank > H5S_MAX_RANK) fail("a dataset's shape is damaged");
  if (found.rank > 0 && H5Sget_simple_extent_dims(space, found.sizes, NULL) < 0) fail("a dataset's shape is damaged");
  H5Sclose(space);
  found.byte_count = found.width;
  for (int axis = 0; axis < found.rank; axis++) {
    if (__builtin_mul_overflow(found.byte_count, (uint64_t)found.sizes[axis], &found.byte_count)) refuse(path, "has a shape that is not possible");
  }
  haddr_t place = layout == H5D_CONTIGUOUS ? H5Dget_offset(id) : HADDR_UNDEF;
  int is_in_order = found.width == 1 || H5Tget_order(found.type) == H5T_ORDER_LE;
  found.is_direct = place != HADDR_UNDEF && is_in_order && H5Dget_storage_size(id) == found.byte_count;
  found.place = found.is_direct ? place : 0;
  return found;
}

// MARK: Answers

typedef struct walk {
  hid_t file;
  record record;
  size_t datasets, links;
} walk;

static herr_t visit(hid_t group, const char *path, const H5L_info_t *info, void *context) {
  walk *walk = context;
  (void)group;
  if (++walk->links > LINK_LIMIT) fail("it has more than a million names");
  if (strlen(path) > PATH_LIMIT) fail("a name in it is longer than 4096 bytes");
  if (info->type == H5L_TYPE_EXTERNAL) refuse(path, "is a link to another file");
  if (info->type == H5L_TYPE_SOFT) return 0;  // A second name for what is, or is not, reached by its own.
  if (info->type != H5L_TYPE_HARD) refuse(path, "is a link of an unknown kind");
  hid_t object = H5Oopen(walk->file, path, H5P_DEFAULT);
  if (object < 0) fail("an object in it cannot be opened");
  if (H5Iget_type(object) == H5I_DATASET) {
    if (++walk->datasets > DATASET_LIMIT) fail("it has more than 100000 datasets");
    dataset found = described(object, path);
    record_begin(&walk->record, found.element ? 'D' : 'O');
    if (found.element) {
      record_number(&walk->record, strlen(found.element), 1);
      record_bytes(&walk->record, found.element, strlen(found.element));
    }
    record_text(&walk->record, path);
    if (found.element) {
      record_number(&walk->record, (uint64_t)found.rank, 4);
      for (int axis = 0; axis < found.rank; axis++) record_number(&walk->record, found.sizes[axis], 8);
      record_number(&walk->record, (uint64_t)found.is_direct, 1);
      record_number(&walk->record, found.place, 8);
    } else {
      record_text(&walk->record, found.other);
    }
    record_send(&walk->record);
    H5Tclose(found.type);
  }
  H5Oclose(object);
  return 0;
}

void hdf5_describe(void *image, size_t byte_count) {
  walk walk = {.file = open_image(image, byte_count)};
  if (H5Lvisit(walk.file, H5_INDEX_NAME, H5_ITER_INC, visit, &walk) < 0) fail("a group in it is damaged");
}

void hdf5_send(void *image, size_t byte_count, const char *path) {
  hid_t file = open_image(image, byte_count);
  hid_t id = H5Dopen2(file, path, H5P_DEFAULT);
  if (id < 0) fail("the dataset cannot be opened");
  dataset found = described(id, path);
  if (!found.element) fail("the dataset holds no numbers");
  hid_t type = H5Tcopy(found.type);
  int is_swapped = found.width > 1 && H5Tget_order(found.type) == H5T_ORDER_BE;
  if (type < 0 || (is_swapped && H5Tset_order(type, H5T_ORDER_LE) < 0)) fail("the dataset's element type is damaged");
  uint8_t *elements = malloc(found.byte_count > 0 ? found.byte_count : 1);
  if (!elements) fail("the dataset is too large");
  if (found.byte_count > 0 && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements) < 0) fail("the dataset is damaged");
  record piece = {0};
  for (uint64_t done = 0; done < found.byte_count;) {
    uint64_t step = found.byte_count - done < 1 << 20 ? found.byte_count - done : 1 << 20;
    record_begin(&piece, 'B');
    record_bytes(&piece, elements + done, step);
    record_send(&piece);
    done += step;
  }
}
