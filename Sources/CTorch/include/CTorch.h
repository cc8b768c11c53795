/// The C face of libtorch: the only thing that Swift sees of it.
///
/// Every operator of libtorch is reached by one function, `ct_call`, through libtorch's boxed dispatcher; the functions
/// around it make, read and free tensors, enter and leave modes, and describe the machine. Rules that hold for all:
///
/// - A function that can fail returns a `ct_status`. When it is not `CT_OK`, `ct_last_error()` is libtorch's own sentence
///   (of this thread, until this thread's next failure). No C++ exception ever leaves this header.
/// - A `ct_tensor` or `ct_generator` that comes out of a function is owned by the caller, who gives it back with
///   `ct_tensor_release` or `ct_generator_release`. One that goes in is borrowed for the length of the call.
/// - Grad mode, autocast and the last error belong to the calling thread, as in libtorch.
#ifndef CTORCH_H
#define CTORCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_object *ct_tensor;
typedef struct ct_generator_object *ct_generator;
typedef const struct ct_operator_object *ct_operator;

// MARK: - Failures

typedef int32_t ct_status;
enum {
    CT_OK = 0,
    CT_OPERATOR_FAILED,    // any other refusal of libtorch: shapes, dtypes, devices
    CT_INDEX_OUT_OF_RANGE,
    CT_INVALID_VALUE,
    CT_INVALID_TYPE,
    CT_NOT_IMPLEMENTED,    // no kernel for this dtype or device
    CT_LINEAR_ALGEBRA,     // a singular matrix and its kin
    CT_OUT_OF_MEMORY,
    CT_DEVICE_FAILED,      // the accelerator reported an error
    CT_UNKNOWN_OPERATOR,
    CT_INVALID_ARGUMENT,   // the arguments do not fit the operator's schema; found before the call
    CT_UNSUPPORTED_RESULT, // the operator gave back a kind of value that this header does not carry
    CT_UNEXPECTED          // an exception that is not libtorch's
};

/// The sentence of this thread's last failure; valid until the next one.
const char *ct_last_error(void);

// MARK: - Values

/// What a `ct_value` holds. Scalar types, layouts and memory formats travel as libtorch's own numbers, as `CT_INT`.
enum {
    CT_DEFAULT = 0,  // argument only: take the schema's default
    CT_NONE,
    CT_TENSOR,       // pointer
    CT_INT,          // integer
    CT_DOUBLE,       // real
    CT_BOOL,         // integer, 0 or 1
    CT_STRING,       // pointer to UTF-8 bytes, count of them
    CT_INT_LIST,     // pointer to int64_t
    CT_DOUBLE_LIST,  // pointer to double
    CT_BOOL_LIST,    // pointer to int64_t, 0 or 1 each
    CT_TENSOR_LIST,  // pointer to ct_tensor; NULL where an optional tensor is absent
    CT_GENERATOR,    // pointer
    CT_DEVICE        // integer: kind, count: index or -1
};

typedef union {
    int64_t integer;
    double real;
    const void *pointer;
} ct_payload;

/// One argument or result. A result that is a list owns its storage: free it with `ct_list_free`, and each tensor in it
/// with `ct_tensor_release`.
typedef struct {
    int32_t tag;
    int32_t reserved;
    int64_t count;
    ct_payload payload;
} ct_value;

void ct_list_free(const void *storage);

// MARK: - Operators

/// Finds an operator by schema name ("aten::add") and overload ("Tensor", or "" for none). The handle is valid for ever
/// and the same for the same name.
ct_status ct_operator_find(const char *name, const char *overload, ct_operator *found);

/// The operator's schema as libtorch writes it; valid for ever.
const char *ct_operator_schema(ct_operator op);

/// Calls the operator. Arguments stand in the schema's order, keyword-only ones included; those missing at the end, and
/// those tagged `CT_DEFAULT`, take the schema's default. Fails when more than `capacity` results come back.
ct_status ct_call(ct_operator op, const ct_value *arguments, int64_t argument_count,
                  ct_value *results, int64_t capacity, int64_t *result_count);

// MARK: - Tensors

/// libtorch's numbers of the scalar type, the device kind, and the device index (-1 for none).
typedef struct {
    int32_t scalar_type;
    int32_t device_kind;
    int32_t device_index;
} ct_tensor_kind;

void ct_tensor_release(ct_tensor tensor);
/// A second handle on the same tensor, to be released like the first.
ct_tensor ct_tensor_retain(ct_tensor tensor);
/// Tensor handles that are out and not yet released, over all threads.
int64_t ct_tensor_live_count(void);

ct_tensor_kind ct_tensor_get_kind(ct_tensor tensor);
int64_t ct_tensor_dimension_count(ct_tensor tensor);
int64_t ct_tensor_element_count(ct_tensor tensor);
/// Write `ct_tensor_dimension_count` numbers.
ct_status ct_tensor_shape(ct_tensor tensor, int64_t *sizes);
ct_status ct_tensor_strides(ct_tensor tensor, int64_t *strides);
/// `memory_format`: libtorch's number (0 contiguous, 2 channels-last).
ct_status ct_tensor_is_contiguous(ct_tensor tensor, int32_t memory_format, bool *answer);
/// Whether two handles name one tensor.
bool ct_tensor_is_same(ct_tensor a, ct_tensor b);
/// Whether two tensors use one storage.
ct_status ct_tensor_shares_storage(ct_tensor a, ct_tensor b, bool *answer);

/// A new contiguous CPU tensor whose `byte_count` bytes are copied from `bytes`, in pinned memory if asked for.
ct_status ct_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t dimension_count,
                               int32_t scalar_type, bool pinned, ct_tensor *made);
/// Copies the elements in row-major order, from any device and layout, into `byte_count` bytes.
ct_status ct_tensor_to_bytes(ct_tensor tensor, void *bytes, int64_t byte_count);
int64_t ct_tensor_byte_count(ct_tensor tensor);

// MARK: - Collectives

/// Puts sums over processes in the place of `count` values, float64 or float32. Returns 0 where that was done, or will be done by the stream.
///
/// `is_on_device`: whether they are in the memory of a device, whose current stream is `stream`; else in the main memory.
typedef int32_t (*ct_sum)(void *context, void *values, int64_t count, bool is_double, bool is_on_device, void *stream);

/// A new tensor: the sum over processes of `values`, through which gradients pass by the same sum. `context` must live as long as the graph.
///
/// `stays`: whether values of a device are summed there, else in the main memory.
ct_status ct_sum_over_processes(ct_tensor values, bool stays, ct_sum sum, void *context, ct_tensor *result);

/// Calls `sum` on a tensor that fills its own memory, whatever its device, which is the current one meanwhile.
ct_status ct_sum_where_it_is(ct_tensor values, ct_sum sum, void *context);

// MARK: - A store that processes meet at

typedef struct ct_store_object *ct_store;

/// Opens c10d's store at a place of the network: the one that serves it, and those that ask. It waits `seconds` at most for the server.
///
/// `prefix`: before every key.
ct_status ct_store_open(const char *host, int32_t port, bool serves, int64_t seconds, const char *prefix, ct_store *made);
void ct_store_close(ct_store store);
ct_status ct_store_set(ct_store store, const char *key, const void *bytes, int64_t count);
/// Waits until the key is there and copies its value, which must be of `count` bytes; `found` is false where it did not come in time.
ct_status ct_store_get(ct_store store, const char *key, void *bytes, int64_t count, int64_t milliseconds, bool *found);
ct_status ct_store_has(ct_store store, const char *key, bool *has);
ct_status ct_store_delete(ct_store store, const char *key);

// MARK: - Autograd

bool ct_tensor_requires_grad(ct_tensor tensor);
ct_status ct_tensor_set_requires_grad(ct_tensor tensor, bool required);
ct_status ct_tensor_is_leaf(ct_tensor tensor, bool *answer);
/// NULL when there is no gradient.
ct_status ct_tensor_grad(ct_tensor tensor, ct_tensor *gradient);
/// NULL takes the gradient away.
ct_status ct_tensor_set_grad(ct_tensor tensor, ct_tensor gradient);
/// `gradient` may be NULL for a tensor of one element.
ct_status ct_tensor_backward(ct_tensor tensor, ct_tensor gradient, bool retain_graph, bool create_graph);
/// The gradients of the sum of `outputs` by `inputs`, into `gradients`; NULL where an input does not matter.
ct_status ct_gradients(const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count,
                       bool retain_graph, bool create_graph, ct_tensor *gradients);

bool ct_grad_mode_is_enabled(void);
/// Gives back what the mode was.
bool ct_grad_mode_exchange(bool enabled);

// MARK: - Autocast

typedef struct {
    int32_t device_kind;
    int32_t scalar_type;
    bool enabled;
    bool cache_enabled;
} ct_autocast_state;

/// Enters an autocast scope and gives back what was before it, for `ct_autocast_pop`.
ct_status ct_autocast_push(int32_t device_kind, int32_t scalar_type, bool enabled, bool cache_enabled,
                           ct_autocast_state *before);
/// Leaves the scope; leaving the outermost one drops the cached casts of the weights.
ct_status ct_autocast_pop(ct_autocast_state before);
ct_status ct_autocast_get(int32_t device_kind, ct_autocast_state *state);
void ct_autocast_clear_cache(void);

// MARK: - Generators

ct_status ct_generator_create(int32_t device_kind, int32_t device_index, uint64_t seed, ct_generator *made);
/// The device's own generator, which operators without a generator argument draw from.
ct_status ct_generator_default(int32_t device_kind, int32_t device_index, ct_generator *found);
void ct_generator_release(ct_generator generator);
ct_status ct_generator_set_seed(ct_generator generator, uint64_t seed);
ct_status ct_generator_seed(ct_generator generator, uint64_t *seed);
/// The state as a tensor of bytes.
ct_status ct_generator_state(ct_generator generator, ct_tensor *state);
ct_status ct_generator_set_state(ct_generator generator, ct_tensor state);

// MARK: - The machine

/// Usable CUDA devices; 0 where libtorch was built without CUDA or there is no driver.
int32_t ct_cuda_device_count(void);
bool ct_cuda_is_built(void);
ct_status ct_cuda_synchronize(int32_t index);
ct_status ct_cuda_empty_cache(void);

typedef struct {
    int64_t allocated;      // bytes in tensors now
    int64_t allocated_peak;
    int64_t reserved;       // bytes held by libtorch's caching allocator
    int64_t reserved_peak;
    int64_t total;          // bytes that the device has
} ct_device_memory;

ct_status ct_cuda_memory(int32_t index, ct_device_memory *memory);
ct_status ct_cuda_reset_peak_memory(int32_t index);

/// Bytes of this process in memory now, and at most so far; 0 where the system does not say.
int64_t ct_resident_bytes(void);
int64_t ct_resident_bytes_peak(void);

/// Counts the memory of tensors on the CPU that this thread makes between begin and end, both called on it. Working memory of oneDNN is
/// not seen. `restart` takes what is held now for the most so far.
typedef struct ct_memory_meter ct_memory_meter;
ct_status ct_memory_meter_begin(ct_memory_meter **meter);
void ct_memory_meter_restart(ct_memory_meter *meter);
int64_t ct_memory_meter_peak(const ct_memory_meter *meter);
void ct_memory_meter_end(ct_memory_meter *meter);

int32_t ct_thread_count(void);
ct_status ct_set_thread_count(int32_t count);
int32_t ct_interop_thread_count(void);
/// Works once, before the first parallel region.
ct_status ct_set_interop_thread_count(int32_t count);

/// Keeps glibc from giving freed activations back to the kernel. False where malloc is not glibc's.
bool ct_keep_freed_memory(void);

ct_status ct_set_deterministic(bool enabled);
bool ct_is_deterministic(void);
/// Lets cuDNN time its algorithms and take the fastest one: fast, and not the same in every run.
void ct_set_cudnn_benchmark(bool enabled);
/// Lets float32 products on the GPU round their inputs to TF32.
ct_status ct_set_tf32(bool enabled);

/// libtorch's version, its build settings, and the vector instructions it uses; valid for ever.
const char *ct_version(void);
const char *ct_configuration(void);
const char *ct_cpu_capability(void);
/// Whether the CPU multiplies bfloat16 by itself (AVX512-BF16, AMX-BF16, Arm BF16).
bool ct_cpu_has_bfloat16(void);

#ifdef __cplusplus
}
#endif

#endif
