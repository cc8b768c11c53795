// Tensors: what they are, their bytes, and their gradients.
#include "Boundary.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstring>

void ct_tensor_release(ct_tensor tensor) {
    ct::liveTensors.fetch_sub(1, std::memory_order_relaxed);
    c10::raw::intrusive_ptr::decref(ct::implementation(tensor));
}

ct_tensor ct_tensor_retain(ct_tensor tensor) {
    return ct::own(ct::borrow(tensor));
}

int64_t ct_tensor_live_count(void) {
    return ct::liveTensors.load(std::memory_order_relaxed);
}

ct_tensor_kind ct_tensor_get_kind(ct_tensor tensor) {
    const at::TensorImpl *implementation = ct::implementation(tensor);
    const c10::Device device = implementation->device();
    return {static_cast<int32_t>(c10::typeMetaToScalarType(implementation->dtype())),
            static_cast<int32_t>(device.type()), device.index()};
}

int64_t ct_tensor_dimension_count(ct_tensor tensor) {
    return ct::implementation(tensor)->dim();
}

int64_t ct_tensor_element_count(ct_tensor tensor) {
    return ct::implementation(tensor)->numel();
}

int64_t ct_tensor_byte_count(ct_tensor tensor) {
    const at::TensorImpl *implementation = ct::implementation(tensor);
    return implementation->numel() * static_cast<int64_t>(implementation->itemsize());
}

ct_status ct_tensor_shape(ct_tensor tensor, int64_t *sizes) {
    return ct::guarded([&] {
        const auto source = ct::implementation(tensor)->sizes();
        std::copy(source.begin(), source.end(), sizes);
    });
}

ct_status ct_tensor_strides(ct_tensor tensor, int64_t *strides) {
    return ct::guarded([&] {
        const auto source = ct::implementation(tensor)->strides();
        std::copy(source.begin(), source.end(), strides);
    });
}

ct_status ct_tensor_is_contiguous(ct_tensor tensor, int32_t memory_format, bool *answer) {
    return ct::guarded([&] {
        *answer = ct::implementation(tensor)->is_contiguous(static_cast<at::MemoryFormat>(memory_format));
    });
}

bool ct_tensor_is_same(ct_tensor a, ct_tensor b) {
    return a == b;
}

ct_status ct_tensor_shares_storage(ct_tensor a, ct_tensor b, bool *answer) {
    return ct::guarded([&] { *answer = ct::borrow(a).is_alias_of(ct::borrow(b)); });
}

// MARK: - Bytes

ct_status ct_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *sizes, int64_t dimension_count,
                               int32_t scalar_type, bool pinned, ct_tensor *made) {
    return ct::guarded([&] {
        const auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(scalar_type)).pinned_memory(pinned);
        at::Tensor tensor = at::empty(at::IntArrayRef(sizes, static_cast<size_t>(dimension_count)), options);
        if (static_cast<int64_t>(tensor.nbytes()) != byte_count) {
            throw ct::Refusal{CT_INVALID_VALUE, "The shape takes " + std::to_string(tensor.nbytes()) +
                " bytes but " + std::to_string(byte_count) + " were given."};
        }
        if (byte_count > 0) std::memcpy(tensor.mutable_data_ptr(), bytes, static_cast<size_t>(byte_count));
        *made = ct::own(std::move(tensor));
    });
}

ct_status ct_tensor_to_bytes(ct_tensor tensor, void *bytes, int64_t byte_count) {
    return ct::guarded([&] {
        at::Tensor source = ct::borrow(tensor).detach();
        if (static_cast<int64_t>(source.nbytes()) != byte_count) {
            throw ct::Refusal{CT_INVALID_VALUE, "The tensor has " + std::to_string(source.nbytes()) +
                " bytes but room was made for " + std::to_string(byte_count) + "."};
        }
        source = source.resolve_conj().resolve_neg().cpu().contiguous();
        if (byte_count > 0) std::memcpy(bytes, source.const_data_ptr(), static_cast<size_t>(byte_count));
    });
}

// MARK: - Gradients

bool ct_tensor_requires_grad(ct_tensor tensor) {
    return ct::implementation(tensor)->requires_grad();
}

ct_status ct_tensor_set_requires_grad(ct_tensor tensor, bool required) {
    return ct::guarded([&] { ct::borrow(tensor).requires_grad_(required); });
}

ct_status ct_tensor_is_leaf(ct_tensor tensor, bool *answer) {
    return ct::guarded([&] { *answer = ct::borrow(tensor).is_leaf(); });
}

ct_status ct_tensor_grad(ct_tensor tensor, ct_tensor *gradient) {
    return ct::guarded([&] {
        at::Tensor found = ct::borrow(tensor).grad();
        *gradient = found.defined() ? ct::own(std::move(found)) : nullptr;
    });
}

ct_status ct_tensor_set_grad(ct_tensor tensor, ct_tensor gradient) {
    return ct::guarded([&] {
        ct::borrow(tensor).mutable_grad() = gradient == nullptr ? at::Tensor() : ct::borrow(gradient);
    });
}

ct_status ct_tensor_backward(ct_tensor tensor, ct_tensor gradient, bool retain_graph, bool create_graph) {
    return ct::guarded([&] {
        torch::autograd::variable_list seeds;
        if (gradient != nullptr) seeds.push_back(ct::borrow(gradient));
        torch::autograd::backward({ct::borrow(tensor)}, seeds, retain_graph || create_graph, create_graph);
    });
}

ct_status ct_gradients(const ct_tensor *outputs, int64_t output_count, const ct_tensor *inputs, int64_t input_count,
                       bool retain_graph, bool create_graph, ct_tensor *gradients) {
    return ct::guarded([&] {
        torch::autograd::variable_list of, by;
        for (int64_t index = 0; index < output_count; ++index) of.push_back(ct::borrow(outputs[index]));
        for (int64_t index = 0; index < input_count; ++index) by.push_back(ct::borrow(inputs[index]));
        auto found = torch::autograd::grad(of, by, {}, retain_graph || create_graph, create_graph, true);
        for (int64_t index = 0; index < input_count; ++index) {
            gradients[index] = found[index].defined() ? ct::own(std::move(found[index])) : nullptr;
        }
    });
}
