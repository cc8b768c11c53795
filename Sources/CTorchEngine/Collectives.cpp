// Sums over the processes of one training: a tensor's own memory, and a sum that gradients pass through.
#include "Boundary.hpp"

#include <ATen/Functions.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/custom_function.h>

namespace {

/// Sums a tensor that fills its own memory, where it is.
bool isSummed(at::Tensor &own, ct_sum sum, void *context) {
    const bool isDouble = own.scalar_type() == at::kDouble;
    if (own.device().is_cpu()) return sum(context, own.mutable_data_ptr(), own.numel(), isDouble, false, nullptr) == 0;
    const c10::DeviceGuard guard(own.device());
    const c10::Stream stream = c10::impl::VirtualGuardImpl(own.device().type()).getStream(own.device());
    return sum(context, own.mutable_data_ptr(), own.numel(), isDouble, true, stream.native_handle()) == 0;
}

/// With S = Σ xᵣ over the processes r, each of which computes a loss of its own from S: the derivative of the sum of these losses by xᵣ is
/// the sum of their derivatives by S. So the way back is the same sum.
struct SumOverProcesses : torch::autograd::Function<SumOverProcesses> {
    static at::Tensor summed(const at::Tensor &values, bool stays, ct_sum sum, void *context) {
        const at::Device place = stays ? values.device() : at::Device(at::kCPU);
        at::Tensor own = values.to(place, values.scalar_type(), /*non_blocking=*/false, /*copy=*/true).contiguous();
        TORCH_CHECK(isSummed(own, sum, context), "the values of the other processes did not come");
        return own.to(values.device());
    }

    static at::Tensor forward(torch::autograd::AutogradContext *state, const at::Tensor &values, bool stays, int64_t sum, int64_t context) {
        state->saved_data["stays"] = stays;
        state->saved_data["sum"] = sum;
        state->saved_data["context"] = context;
        return summed(values, stays, reinterpret_cast<ct_sum>(sum), reinterpret_cast<void *>(context));
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext *state, torch::autograd::variable_list gradients) {
        const auto sum = reinterpret_cast<ct_sum>(state->saved_data["sum"].toInt());
        const auto context = reinterpret_cast<void *>(state->saved_data["context"].toInt());
        return {summed(gradients[0], state->saved_data["stays"].toBool(), sum, context), at::Tensor(), at::Tensor(), at::Tensor()};
    }
};

} // namespace

ct_status ct_sum_where_it_is(ct_tensor values, ct_sum sum, void *context) {
    return ct::guarded([&] {
        at::Tensor own = ct::borrow(values);
        if (!own.is_non_overlapping_and_dense()) throw ct::Refusal{CT_INVALID_ARGUMENT, "Only a tensor that fills its own memory can be summed in place."};
        TORCH_CHECK(isSummed(own, sum, context), "the values of the other processes did not come");
    });
}

ct_status ct_sum_over_processes(ct_tensor values, bool stays, ct_sum sum, void *context, ct_tensor *result) {
    return ct::guarded([&] {
        const at::Tensor given = ct::borrow(values);
        if (given.scalar_type() != at::kDouble && given.scalar_type() != at::kFloat) {
            throw ct::Refusal{CT_INVALID_TYPE, "Only float32 and float64 are summed over processes."};
        }
        *result = ct::own(SumOverProcesses::apply(given, stays, reinterpret_cast<int64_t>(sum), reinterpret_cast<int64_t>(context)));
    });
}
