/// The engine is opened while the command runs (CTorch's Forwarding.c), and nothing is compiled against it.
#ifndef CTORCHENGINE_H
#define CTORCHENGINE_H
#endif
