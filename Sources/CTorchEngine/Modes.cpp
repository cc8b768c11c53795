// Grad mode, autocast and generators: what a thread carries into its calls.
#include "Boundary.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>

#include <mutex>

bool ct_grad_mode_is_enabled(void) {
    return c10::GradMode::is_enabled();
}

bool ct_grad_mode_exchange(bool enabled) {
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled);
    return before;
}

// MARK: - Autocast

ct_status ct_autocast_get(int32_t device_kind, ct_autocast_state *state) {
    return ct::guarded([&] {
        const auto kind = static_cast<at::DeviceType>(device_kind);
        *state = {device_kind, static_cast<int32_t>(at::autocast::get_autocast_dtype(kind)),
                  at::autocast::is_autocast_enabled(kind), at::autocast::is_autocast_cache_enabled()};
    });
}

ct_status ct_autocast_push(int32_t device_kind, int32_t scalar_type, bool enabled, bool cache_enabled,
                           ct_autocast_state *before) {
    const ct_status read = ct_autocast_get(device_kind, before);
    if (read != CT_OK) return read;
    return ct::guarded([&] {
        const auto kind = static_cast<at::DeviceType>(device_kind);
        at::autocast::set_autocast_enabled(kind, enabled);
        at::autocast::set_autocast_dtype(kind, static_cast<at::ScalarType>(scalar_type));
        at::autocast::set_autocast_cache_enabled(cache_enabled);
        at::autocast::increment_nesting();
    });
}

ct_status ct_autocast_pop(ct_autocast_state before) {
    return ct::guarded([&] {
        const auto kind = static_cast<at::DeviceType>(before.device_kind);
        // The cache holds casts of weights which the optimiser is about to change: it must not outlive the scope.
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(kind, before.enabled);
        at::autocast::set_autocast_dtype(kind, static_cast<at::ScalarType>(before.scalar_type));
        at::autocast::set_autocast_cache_enabled(before.cache_enabled);
    });
}

void ct_autocast_clear_cache(void) {
    (void)ct::guarded([] { at::autocast::clear_cache(); });
}

// MARK: - Generators

ct_status ct_generator_create(int32_t device_kind, int32_t device_index, uint64_t seed, ct_generator *made) {
    return ct::guarded([&] {
        const c10::Device device = ct::device(device_kind, device_index);
        at::Generator generator = device.is_cpu()
            ? at::detail::createCPUGenerator()
            : at::globalContext().getAcceleratorHooksInterface(device.type()).getNewGenerator(device.index());
        generator.set_current_seed(seed);
        *made = ct::own(std::move(generator));
    });
}

ct_status ct_generator_default(int32_t device_kind, int32_t device_index, ct_generator *found) {
    return ct::guarded([&] {
        *found = ct::own(at::globalContext().defaultGenerator(ct::device(device_kind, device_index)));
    });
}

void ct_generator_release(ct_generator generator) {
    c10::raw::intrusive_ptr::decref(reinterpret_cast<c10::GeneratorImpl *>(generator));
}

ct_status ct_generator_set_seed(ct_generator generator, uint64_t seed) {
    return ct::guarded([&] {
        at::Generator borrowed = ct::borrow(generator);
        std::lock_guard<std::mutex> lock(borrowed.mutex());
        borrowed.set_current_seed(seed);
    });
}

ct_status ct_generator_seed(ct_generator generator, uint64_t *seed) {
    return ct::guarded([&] { *seed = ct::borrow(generator).current_seed(); });
}

ct_status ct_generator_state(ct_generator generator, ct_tensor *state) {
    return ct::guarded([&] {
        at::Generator borrowed = ct::borrow(generator);
        std::lock_guard<std::mutex> lock(borrowed.mutex());
        *state = ct::own(borrowed.get_state());
    });
}

ct_status ct_generator_set_state(ct_generator generator, ct_tensor state) {
    return ct::guarded([&] {
        at::Generator borrowed = ct::borrow(generator);
        std::lock_guard<std::mutex> lock(borrowed.mutex());
        borrowed.set_state(ct::borrow(state));
    });
}
