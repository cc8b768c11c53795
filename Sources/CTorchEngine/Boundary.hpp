// The exception boundary, and the passage between C handles and libtorch's objects.
#pragma once

#include "../CTorch/include/CTorch.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <atomic>
#include <cerrno>
#include <new>
#include <string>
#include <utility>

namespace ct {

/// Keeps the sentence for `ct_last_error` and hands the code back.
ct_status fail(ct_status code, const char *sentence) noexcept;
ct_status fail(ct_status code, const std::string &sentence) noexcept;

/// A refusal found by this layer, before libtorch is called.
struct Refusal {
    ct_status code;
    std::string sentence;
};

/// The one place where C++ exceptions are caught.
template <class Body> ct_status guarded(Body &&body) noexcept {
    // A failed allocation leaves ENOMEM behind, also where a library below libtorch (oneDNN) says only that it could not make something.
    errno = 0;
    try {
        body();
        return CT_OK;
    } catch (const Refusal &e) {
        return fail(e.code, e.sentence);
    } catch (const c10::OutOfMemoryError &e) {
        return fail(CT_OUT_OF_MEMORY, e.what_without_backtrace());
    } catch (const c10::IndexError &e) {
        return fail(CT_INDEX_OUT_OF_RANGE, e.what_without_backtrace());
    } catch (const c10::ValueError &e) {
        return fail(CT_INVALID_VALUE, e.what_without_backtrace());
    } catch (const c10::TypeError &e) {
        return fail(CT_INVALID_TYPE, e.what_without_backtrace());
    } catch (const c10::NotImplementedError &e) {
        return fail(CT_NOT_IMPLEMENTED, e.what_without_backtrace());
    } catch (const c10::LinAlgError &e) {
        return fail(CT_LINEAR_ALGEBRA, e.what_without_backtrace());
    } catch (const c10::AcceleratorError &e) {
        return fail(CT_DEVICE_FAILED, e.what_without_backtrace());
    } catch (const c10::Error &e) {
        // The CPU allocator has no error class of its own; its sentence is all there is to know it by.
        const bool isOutOfMemory = errno == ENOMEM;
        const std::string sentence = e.what_without_backtrace();
        const bool memory = isOutOfMemory || sentence.find("DefaultCPUAllocator: ") != std::string::npos;
        return fail(memory ? CT_OUT_OF_MEMORY : CT_OPERATOR_FAILED, sentence);
    } catch (const std::bad_alloc &) {
        return fail(CT_OUT_OF_MEMORY, "The process could not get more memory.");
    } catch (const std::exception &e) {
        if (errno == ENOMEM) return fail(CT_OUT_OF_MEMORY, std::string("The process could not get more memory (") + e.what() + ").");
        return fail(CT_UNEXPECTED, e.what());
    } catch (...) {
        return fail(CT_UNEXPECTED, "libtorch threw something that is not an exception.");
    }
}

extern std::atomic<int64_t> liveTensors;

/// Gives the reference that `tensor` holds to a new handle.
inline ct_tensor own(at::Tensor tensor) {
    liveTensors.fetch_add(1, std::memory_order_relaxed);
    return reinterpret_cast<ct_tensor>(tensor.unsafeReleaseTensorImpl());
}

inline at::TensorImpl *implementation(ct_tensor handle) {
    return reinterpret_cast<at::TensorImpl *>(handle);
}

/// A second reference to the handle's tensor.
inline at::Tensor borrow(ct_tensor handle) {
    return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(implementation(handle)));
}

inline at::Generator borrow(ct_generator handle) {
    return at::Generator(
        c10::intrusive_ptr<c10::GeneratorImpl>::reclaim_copy(reinterpret_cast<c10::GeneratorImpl *>(handle)));
}

inline ct_generator own(at::Generator generator) {
    return reinterpret_cast<ct_generator>(generator.unsafeReleaseGeneratorImpl());
}

inline c10::Device device(int32_t kind, int32_t index) {
    return c10::Device(static_cast<c10::DeviceType>(kind), static_cast<c10::DeviceIndex>(index));
}

} // namespace ct
