// Devices, memory, threads, and what this libtorch is.
#include "Boundary.hpp"

#include <ATen/Context.h>
#include <ATen/DeviceAccelerator.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/cpu/Utils.h>
#include <c10/core/Allocator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <torch/version.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>

#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__)
#include <unistd.h>
#endif
#include <sys/resource.h>

// MARK: - CUDA, without CUDA's headers: through the hooks that libtorch_cuda fills in when it is loaded

bool ct_cuda_is_built(void) {
    // `hasCUDA` also asks the driver; this asks whether libtorch_cuda has filled its hooks in.
    return at::globalContext().getAcceleratorHooksInterface(at::kCUDA).isBuilt();
}

int32_t ct_cuda_device_count(void) {
    int32_t count = 0;
    const ct_status status = ct::guarded([&] {
        if (!at::globalContext().hasCUDA()) return;
        count = at::globalContext().getAcceleratorHooksInterface(at::kCUDA).deviceCount();
    });
    // A driver that cannot be asked offers no device that could be used.
    return status == CT_OK ? count : 0;
}

namespace {

at::DeviceAllocator &cudaAllocator() {
    if (ct_cuda_device_count() == 0) {
        throw ct::Refusal{CT_DEVICE_FAILED, "There is no CUDA device."};
    }
    at::globalContext().lazyInitDevice(at::kCUDA);
    return *at::getDeviceAllocator(at::kCUDA);
}

int64_t total(const c10::CachingAllocator::StatArray &statistic, int64_t c10::CachingAllocator::Stat::*field) {
    return statistic[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)].*field;
}

} // namespace

ct_status ct_cuda_synchronize(int32_t index) {
    return ct::guarded([&] {
        cudaAllocator();
        at::accelerator::synchronizeDevice(static_cast<c10::DeviceIndex>(index));
    });
}

ct_status ct_cuda_empty_cache(void) {
    return ct::guarded([] { cudaAllocator().emptyCache(); });
}

ct_status ct_cuda_memory(int32_t index, ct_device_memory *memory) {
    return ct::guarded([&] {
        using Stat = c10::CachingAllocator::Stat;
        auto &allocator = cudaAllocator();
        const auto statistics = allocator.getDeviceStats(static_cast<c10::DeviceIndex>(index));
        *memory = {total(statistics.allocated_bytes, &Stat::current), total(statistics.allocated_bytes, &Stat::peak),
                   total(statistics.reserved_bytes, &Stat::current), total(statistics.reserved_bytes, &Stat::peak),
                   static_cast<int64_t>(allocator.getMemoryInfo(static_cast<c10::DeviceIndex>(index)).second)};
    });
}

ct_status ct_cuda_reset_peak_memory(int32_t index) {
    return ct::guarded([&] { cudaAllocator().resetPeakStats(static_cast<c10::DeviceIndex>(index)); });
}

// MARK: - Memory of the process

int64_t ct_resident_bytes(void) {
#if defined(__linux__)
    long long pages = 0, resident = 0;
    std::FILE *file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) return 0;
    const int read = std::fscanf(file, "%lld %lld", &pages, &resident);
    std::fclose(file);
    return read == 2 ? resident * sysconf(_SC_PAGESIZE) : 0;
#else
    return 0;
#endif
}

int64_t ct_resident_bytes_peak(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#if defined(__APPLE__)
    return usage.ru_maxrss;
#else
    return usage.ru_maxrss * 1024;
#endif
}

namespace {

/// Hears of every tensor's memory on the CPU that this thread, and the work it hands out, takes or gives back.
struct MemoryMeter : c10::MemoryReportingInfoBase {
    std::atomic<int64_t> current{0}, peak{0};

    void reportMemoryUsage(void *, int64_t bytes, size_t, size_t, c10::Device device) override {
        if (!device.is_cpu()) return;
        const int64_t now = current.fetch_add(bytes) + bytes;
        int64_t most = peak.load();
        while (now > most && !peak.compare_exchange_weak(most, now)) {}
    }

    bool memoryProfilingEnabled() const override { return true; }
};

}  // namespace

struct ct_memory_meter {
    std::shared_ptr<MemoryMeter> meter = std::make_shared<MemoryMeter>();
    c10::DebugInfoGuard guard{c10::DebugInfoKind::PROFILER_STATE, meter};
};

ct_status ct_memory_meter_begin(ct_memory_meter **meter) {
    return ct::guarded([&] { *meter = new ct_memory_meter(); });
}

void ct_memory_meter_restart(ct_memory_meter *meter) { meter->meter->peak = std::max<int64_t>(meter->meter->current, 0); }

int64_t ct_memory_meter_peak(const ct_memory_meter *meter) { return meter->meter->peak; }

void ct_memory_meter_end(ct_memory_meter *meter) { delete meter; }

bool ct_keep_freed_memory(void) {
#if defined(__GLIBC__)
    // Activations are freed and asked for again at every step. glibc would map each big one anew and give the top of
    // the heap back, so that every step faults all its pages in again; this keeps them.
    const int big = 1 << 30;
    return mallopt(M_MMAP_MAX, 0) == 1 && mallopt(M_TRIM_THRESHOLD, big) == 1 && mallopt(M_TOP_PAD, 64 << 20) == 1;
#else
    return false;
#endif
}

// MARK: - Threads

int32_t ct_thread_count(void) {
    return at::get_num_threads();
}

ct_status ct_set_thread_count(int32_t count) {
    return ct::guarded([&] { at::set_num_threads(count); });
}

int32_t ct_interop_thread_count(void) {
    return static_cast<int32_t>(at::get_num_interop_threads());
}

ct_status ct_set_interop_thread_count(int32_t count) {
    return ct::guarded([&] { at::set_num_interop_threads(count); });
}

// MARK: - Numerics

ct_status ct_set_deterministic(bool enabled) {
    return ct::guarded([&] {
        auto &context = at::globalContext();
        context.setDeterministicAlgorithms(enabled, false);
        context.setDeterministicCuDNN(enabled);
        // Filling memory that is about to be written costs time and changes no result of a correct program.
        context.setDeterministicFillUninitializedMemory(false);
    });
}

bool ct_is_deterministic(void) {
    return at::globalContext().deterministicAlgorithms();
}

void ct_set_cudnn_benchmark(bool enabled) {
    at::globalContext().setBenchmarkCuDNN(enabled);
}

ct_status ct_set_tf32(bool enabled) {
    return ct::guarded([&] {
        at::globalContext().setAllowTF32CuBLAS(enabled);
        at::globalContext().setAllowTF32CuDNN(enabled);
    });
}

// MARK: - What this is

const char *ct_version(void) {
    return TORCH_VERSION;
}

const char *ct_configuration(void) {
    static const std::string text = at::show_config();
    return text.c_str();
}

const char *ct_cpu_capability(void) {
    static const std::string text = at::get_cpu_capability();
    return text.c_str();
}

bool ct_cpu_has_bfloat16(void) {
    static const bool answer = [] {
        bool found = false;
        (void)ct::guarded([&] {
            const auto capabilities = at::cpu::get_cpu_capabilities();
            for (const char *name : {"avx512_bf16", "amx_bf16", "arm_bf16", "bf16"}) {
                const auto entry = capabilities.find(name);
                if (entry != capabilities.end() && entry->second.isBool() && entry->second.toBool()) found = true;
            }
        });
        return found;
    }();
    return answer;
}
