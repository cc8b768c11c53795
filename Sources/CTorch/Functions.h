// Every function of CTorch.h that libtorch answers, once: what the command forwards and what the engine offers are made of this list, and
// the compiler holds each line to the header.
#ifndef CTORCH_FUNCTIONS_H
#define CTORCH_FUNCTIONS_H

#include "include/CTorch.h"

// VALUE(result, name, (parameters), (their names)); NOTHING has no result.
#define CT_FUNCTIONS(VALUE, NOTHING) \
    VALUE(const char *, ct_last_error, (void), ()) \
    NOTHING(ct_list_free, (const void *storage), (storage)) \
    VALUE(ct_status, ct_operator_find, (const char *name, const char *overload, ct_operator *found), (name, overload, found)) \
    VALUE(const char *, ct_operator_schema, (ct_operator op), (op)) \
    VALUE(ct_status, ct_call, (ct_operator op, const ct_value *arguments, int64_t argument_count, ct_value *results, int64_t capacity, int64_t *result_count), (op, arguments, argument_count, results, capacity, result_count)) \
    NOTHING(ct_tensor_release, (ct_tensor tensor), (tensor)) \
    VALUE(ct_tensor, ct_tensor_retain, (ct_tensor tensor), (tensor)) \
    VALUE(int64_t, ct_tensor_live_count, (void), ()) \
    VALUE(ct_tensor_kind, ct_tensor_get_kind, (ct_tensor tensor), (tensor)) \
    VALUE(int64_t, ct_tensor_dimension_count, (ct_tensor tensor), (tensor)) \
    VALUE(int64_t, ct_tensor_element_count, (ct_tensor tensor), (tensor)) \
    VALUE(ct_status, ct_tensor_shape, (ct_tensor tensor, int64_t *sizes), (tensor, sizes)) \
    VALUE(ct_status, ct_tensor_strides, (ct_tensor tensor, int64_t *strides), (tensor, strides)) \
    VALUE(ct_status, ct_tensor_is_contiguous, (ct_tensor tensor, int32_t memory_format, bool *answer), (tensor, memory_format, answer)) \
    VALUE(bool, ct_tensor_is_same, (ct_tensor a, ct_tensor b), (a, b)) \
    VALUE(ct_status, ct_tensor_shares_storage, (ct_tensor a, ct_tensor b, bool *answer), (a, b, answer)) \
    VALUE(ct_status, ct_tensor_from_bytes, (const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t dimension_count, int32_t scalar_type, bool pinned, ct_tensor *made), (bytes, byte_count, sizes, dimension_count, scalar_type, pinned, made)) \
    VALUE(ct_status, ct_tensor_to_bytes, (ct_tensor tensor, void *bytes, int64_t byte_count), (tensor, bytes, byte_count)) \
    VALUE(int64_t, ct_tensor_byte_count, (ct_tensor tensor), (tensor)) \
    VALUE(ct_status, ct_sum_over_processes, (ct_tensor values, bool stays, ct_sum sum, void *context, ct_tensor *result), (values, stays, sum, context, result)) \
    VALUE(ct_status, ct_sum_where_it_is, (ct_tensor values, ct_sum sum, void *context), (values, sum, context)) \
    VALUE(ct_status, ct_store_open, (const char *host, int32_t port, bool serves, int64_t seconds, const char *prefix, ct_store *made), (host, port, serves, seconds, prefix, made)) \
    NOTHING(ct_store_close, (ct_store store), (store)) \
    VALUE(ct_status, ct_store_set, (ct_store store, const char *key, const void *bytes, int64_t count), (store, key, bytes, count)) \
    VALUE(ct_status, ct_store_get, (ct_store store, const char *key, void *bytes, int64_t count, int64_t milliseconds, bool *found), (store, key, bytes, count, milliseconds, found)) \
    VALUE(ct_status, ct_store_has, (ct_store store, const char *key, bool *has), (store, key, has)) \
    VALUE(ct_status, ct_store_delete, (ct_store store, const char *key), (store, key)) \
    VALUE(bool, ct_tensor_requires_grad, (ct_tensor tensor), (tensor)) \
    VALUE(ct_status, ct_tensor_set_requires_grad, (ct_tensor tensor, bool required), (tensor, required)) \
    VALUE(ct_status, ct_tensor_is_leaf, (ct_tensor tensor, bool *answer), (tensor, answer)) \
    VALUE(ct_status, ct_tensor_grad, (ct_tensor tensor, ct_tensor *gradient), (tensor, gradient)) \
    VALUE(ct_status, ct_tensor_set_grad, (ct_tensor tensor, ct_tensor gradient), (tensor, gradient)) \
    VALUE(ct_status, ct_tensor_backward, (ct_tensor tensor, ct_tensor gradient, bool retain_graph, bool create_graph), (tensor, gradient, retain_graph, create_graph)) \
    VALUE(ct_status, ct_gradients, (const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count, bool retain_graph, bool create_graph, ct_tensor *gradients), (outputs, output_count, inputs, input_count, retain_graph, create_graph, gradients)) \
    VALUE(bool, ct_grad_mode_is_enabled, (void), ()) \
    VALUE(bool, ct_grad_mode_exchange, (bool enabled), (enabled)) \
    VALUE(ct_status, ct_autocast_push, (int32_t device_kind, int32_t scalar_type, bool enabled, bool cache_enabled, ct_autocast_state *before), (device_kind, scalar_type, enabled, cache_enabled, before)) \
    VALUE(ct_status, ct_autocast_pop, (ct_autocast_state before), (before)) \
    VALUE(ct_status, ct_autocast_get, (int32_t device_kind, ct_autocast_state *state), (device_kind, state)) \
    NOTHING(ct_autocast_clear_cache, (void), ()) \
    VALUE(ct_status, ct_generator_create, (int32_t device_kind, int32_t device_index, uint64_t seed, ct_generator *made), (device_kind, device_index, seed, made)) \
    VALUE(ct_status, ct_generator_default, (int32_t device_kind, int32_t device_index, ct_generator *found), (device_kind, device_index, found)) \
    NOTHING(ct_generator_release, (ct_generator generator), (generator)) \
    VALUE(ct_status, ct_generator_set_seed, (ct_generator generator, uint64_t seed), (generator, seed)) \
    VALUE(ct_status, ct_generator_seed, (ct_generator generator, uint64_t *seed), (generator, seed)) \
    VALUE(ct_status, ct_generator_state, (ct_generator generator, ct_tensor *state), (generator, state)) \
    VALUE(ct_status, ct_generator_set_state, (ct_generator generator, ct_tensor state), (generator, state)) \
    VALUE(int32_t, ct_cuda_device_count, (void), ()) \
    VALUE(bool, ct_cuda_is_built, (void), ()) \
    VALUE(ct_status, ct_cuda_synchronize, (int32_t index), (index)) \
    VALUE(ct_status, ct_cuda_empty_cache, (void), ()) \
    VALUE(ct_status, ct_cuda_memory, (int32_t index, ct_device_memory *memory), (index, memory)) \
    VALUE(ct_status, ct_cuda_reset_peak_memory, (int32_t index), (index)) \
    VALUE(int64_t, ct_resident_bytes, (void), ()) \
    VALUE(int64_t, ct_resident_bytes_peak, (void), ()) \
    VALUE(ct_status, ct_memory_meter_begin, (ct_memory_meter **meter), (meter)) \
    NOTHING(ct_memory_meter_restart, (ct_memory_meter *meter), (meter)) \
    VALUE(int64_t, ct_memory_meter_peak, (const ct_memory_meter *meter), (meter)) \
    NOTHING(ct_memory_meter_end, (ct_memory_meter *meter), (meter)) \
    VALUE(int32_t, ct_thread_count, (void), ()) \
    VALUE(ct_status, ct_set_thread_count, (int32_t count), (count)) \
    VALUE(int32_t, ct_interop_thread_count, (void), ()) \
    VALUE(ct_status, ct_set_interop_thread_count, (int32_t count), (count)) \
    VALUE(bool, ct_keep_freed_memory, (void), ()) \
    VALUE(ct_status, ct_set_deterministic, (bool enabled), (enabled)) \
    VALUE(bool, ct_is_deterministic, (void), ()) \
    NOTHING(ct_set_cudnn_benchmark, (bool enabled), (enabled)) \
    VALUE(ct_status, ct_set_tf32, (bool enabled), (enabled)) \
    VALUE(const char *, ct_configuration, (void), ()) \
    VALUE(const char *, ct_cpu_capability, (void), ()) \
    VALUE(bool, ct_cpu_has_bfloat16, (void), ())

#define CT_POINTER(result, name, parameters, names) result(*name) parameters;
#define CT_POINTER_TO_NOTHING(name, parameters, names) void(*name) parameters;
#define CT_TEXT(result, name, parameters, names) #result #name #parameters
#define CT_TEXT_OF_NOTHING(name, parameters, names) #name #parameters

// The version of the libtorch that the engine was built with, and the functions as they are declared here: an engine of another build has others.
#define CT_DECLARATIONS CT_FUNCTIONS(CT_TEXT, CT_TEXT_OF_NOTHING)

typedef struct {
    const char *declarations;
    const char *version;
    CT_FUNCTIONS(CT_POINTER, CT_POINTER_TO_NOTHING)
} ct_engine;

// The one symbol of the engine.
#define CT_ENGINE_SYMBOL "ct_engine_of_this_library"

#endif
