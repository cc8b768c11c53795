// The store at which processes meet that torchrun or srun started: c10d's, since torchrun may serve it itself.
#include "Boundary.hpp"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

struct ct_store_object {
    c10::intrusive_ptr<c10d::Store> store;
};

ct_status ct_store_open(const char *host, int32_t port, bool serves, int64_t seconds, const char *prefix, ct_store *made) {
    return ct::guarded([&] {
        c10d::TCPStoreOptions options;
        options.port = static_cast<std::uint16_t>(port);
        options.isServer = serves;
        options.waitWorkers = false;
        options.timeout = std::chrono::seconds(seconds);
        *made = new ct_store_object{c10::make_intrusive<c10d::PrefixStore>(prefix, c10::make_intrusive<c10d::TCPStore>(host, options))};
    });
}

void ct_store_close(ct_store store) { delete store; }

ct_status ct_store_set(ct_store store, const char *key, const void *bytes, int64_t count) {
    return ct::guarded([&] {
        const auto *begin = static_cast<const uint8_t *>(bytes);
        store->store->set(key, std::vector<uint8_t>(begin, begin + count));
    });
}

ct_status ct_store_get(ct_store store, const char *key, void *bytes, int64_t count, int64_t milliseconds, bool *found) {
    return ct::guarded([&] {
        // Asked again and again, at first at once: c10d's own waiting prints warnings of its own whenever its time is over.
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
        for (auto pause = std::chrono::microseconds(20); !store->store->check({key}); pause = std::min(pause * 5 / 4, std::chrono::microseconds(5000))) {
            if (std::chrono::steady_clock::now() >= end) {
                *found = false;
                return;
            }
            std::this_thread::sleep_for(pause);
        }
        const std::vector<uint8_t> value = store->store->get(key);
        if (value.size() != static_cast<size_t>(count)) {
            throw ct::Refusal{CT_INVALID_VALUE, "Another process sent " + std::to_string(value.size()) + " bytes where " + std::to_string(count) + " were expected."};
        }
        std::memcpy(bytes, value.data(), value.size());
        *found = true;
    });
}

ct_status ct_store_has(ct_store store, const char *key, bool *has) {
    return ct::guarded([&] { *has = store->store->check({key}); });
}

ct_status ct_store_delete(ct_store store, const char *key) {
    return ct::guarded([&] { store->store->deleteKey(key); });
}
