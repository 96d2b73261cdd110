using System.Collections.Frozen;
using TorchSharp;

namespace CnnViz.Import.PyTorch;

/// <summary>What is done for a name that a pickle asks for.</summary>
internal enum TorchGlobalKind
{
    /// <summary>Called, it gives a dictionary.</summary>
    Dictionary,

    /// <summary>Called, it gives a tensor that views a storage.</summary>
    Tensor,

    /// <summary>Called, it gives a tensor of whole numbers that stand for others.</summary>
    QuantizedTensor,

    /// <summary>Called, it gives the tensor that it is given.</summary>
    Parameter,

    /// <summary>Called, it gives the list or dictionary that it is given.</summary>
    List,

    /// <summary>It stands for a type of storage, and cannot be called.</summary>
    Storage,

    /// <summary>Called, it gives an object whose state is kept.</summary>
    Object,

    /// <summary>It is not known, and stands for itself. Called, it gives an object of that class, which has a state and no behaviour.</summary>
    Stranger,

    /// <summary>Called with another name and what that is to be called with, it gives what that gives.</summary>
    Relay,

    /// <summary>It is found beside weights, not in them. Whatever is done with it gives a value of which nothing is known.</summary>
    Opaque,
}

/// <summary>A name that a pickle may ask for.</summary>
/// <param name="Kind">What is done for it.</param>
/// <param name="Type">Type of the values of a storage.</param>
/// <param name="Class">Full name of the class of an object, or of a stranger.</param>
internal sealed record TorchGlobal(TorchGlobalKind Kind, torch.ScalarType Type = default, string Class = "")
{
    private static readonly FrozenDictionary<string, TorchGlobal> s_known = Known().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Finds a name, which is of the form <c>module.name</c>; null where it is not among the few that are known.</summary>
    public static TorchGlobal? Find(string name) => s_known.GetValueOrDefault(name);

    private static Dictionary<string, TorchGlobal> Known()
    {
        var known = new Dictionary<string, TorchGlobal>();
        Add(new TorchGlobal(TorchGlobalKind.Dictionary), "collections.OrderedDict");
        Add(new TorchGlobal(TorchGlobalKind.Tensor), "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2");
        Add(new TorchGlobal(TorchGlobalKind.QuantizedTensor), "torch._utils._rebuild_qtensor");
        Add(
            new TorchGlobal(TorchGlobalKind.Parameter),
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "torch.nn.parameter.Parameter");
        Add(
            new TorchGlobal(TorchGlobalKind.List),
            "torch.jit._pickle.build_intlist",
            "torch.jit._pickle.build_doublelist",
            "torch.jit._pickle.build_boollist",
            "torch.jit._pickle.build_tensorlist",
            "torch.jit._pickle.restore_type_tag");
        Add(new TorchGlobal(TorchGlobalKind.Relay), "torch._tensor._rebuild_from_type_v2");
        Add(Storage(torch.ScalarType.Float64), "torch.DoubleStorage");
        Add(Storage(torch.ScalarType.Float32), "torch.FloatStorage");
        Add(Storage(torch.ScalarType.Float16), "torch.HalfStorage");
        Add(Storage(torch.ScalarType.BFloat16), "torch.BFloat16Storage");
        Add(Storage(torch.ScalarType.Int64), "torch.LongStorage");
        Add(Storage(torch.ScalarType.Int32), "torch.IntStorage");
        Add(Storage(torch.ScalarType.Int16), "torch.ShortStorage");
        Add(Storage(torch.ScalarType.Int8), "torch.CharStorage", "torch.QInt8Storage");
        Add(Storage(torch.ScalarType.Byte), "torch.ByteStorage", "torch.QUInt8Storage", "torch.UntypedStorage", "torch.storage.UntypedStorage");
        Add(Storage(torch.ScalarType.Bool), "torch.BoolStorage");
        Add(
            new TorchGlobal(TorchGlobalKind.Opaque),
            "__builtin__.object", "builtins.object", "__builtin__.set", "builtins.set", "__builtin__.frozenset", "builtins.frozenset",
            "_codecs.encode", "copy_reg._reconstructor", "copyreg._reconstructor",
            "argparse.Namespace", "collections.Counter", "collections.defaultdict", "datetime.datetime", "datetime.timedelta",
            "pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath",
            "numpy.dtype", "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray.scalar", "numpy._core.multiarray._reconstruct",
            "torch.Size", "torch.device", "torch.per_tensor_affine", "torch.per_channel_affine", "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64");
        return known;

        void Add(TorchGlobal global, params string[] names)
        {
            foreach (string name in names)
            {
                known.Add(name, global);
            }
        }

        static TorchGlobal Storage(torch.ScalarType type) => new(TorchGlobalKind.Storage, type);
    }
}
