using CnnViz.Networks.Operators;
using TorchSharp;
using TorchModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnViz.Networks.Modules;

/// <summary>
/// A TorchSharp module that shows what its submodules give, by hooks that are there for the time of a run. The module stays its
/// owner's.
/// </summary>
internal sealed class HookedModule
{
    // The whole is called like this where none of its submodules gives its output.
    private const string OutputName = "output";

    private readonly TorchModule _module;
    private readonly (string Name, TorchModule Module)[] _hooked;

    /// <param name="module">The module; stays the caller's.</param>
    /// <param name="name">Its name, for messages.</param>
    public HookedModule(TorchModule module, string name)
    {
        _module = module;
        Name = name;
        _hooked =
        [
            .. Submodules(module).Where(pair => pair.Module is TorchModule).Select(pair => (pair.Name, (TorchModule)pair.Module))
                .DistinctBy(pair => pair.Item2, ReferenceEqualityComparer.Instance),
            (OutputName, module),
        ];
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where its weights are.</summary>
    /// <exception cref="CnnVizException">The module was disposed.</exception>
    public torch.Device Device
    {
        get
        {
            ThrowIfDisposed();
            return _module.parameters().Select(parameter => parameter.device).FirstOrDefault() ?? torch.CPU;
        }
    }

    /// <summary>All submodules, in the order of their declaration, each before those within it.</summary>
    public static IEnumerable<(string Name, torch.nn.Module Module)> Submodules(torch.nn.Module module) =>
        (module is torch.jit.ScriptModule ? [] : module.named_children()).SelectMany(child => Submodules(child.module)
            .Select(inner => (Name: $"{child.name}.{inner.Name}", inner.Module))
            .Prepend((child.name, child.module)));

    /// <summary>Runs the module to see which submodules it calls.</summary>
    /// <param name="image">N×C×H×W. It stays the caller's.</param>
    /// <returns>The calls in the order in which they end; the last one gives the output.</returns>
    /// <exception cref="ImageSizeException">The module fails on the image.</exception>
    /// <exception cref="CnnVizException">The module was disposed.</exception>
    public IReadOnlyList<ModuleCall> Observe(torch.Tensor image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var calls = new List<ModuleCall>();
        var names = new HashSet<string>(_hooked.Select(pair => pair.Name));
        torch.Tensor? last = null;
        Run(image, (name, module, number, _, result) =>
        {
            // What a module passes on from its last submodule is no other layer than that one's.
            bool passesOn = ReferenceEquals(result, last) && module.named_children().Any() && !module.parameters(recurse: false).Any();
            last = result;
            if (!(passesOn && ReferenceEquals(module, _module)))
            {
                calls.Add(new ModuleCall(number == 0 ? name : Free(name, number, names), module, number, passesOn));
            }

            return null;
        });
        return calls;
    }

    /// <summary>Runs the module until the wanted calls have ended.</summary>
    /// <param name="image">N×C×H×W. It stays the caller's.</param>
    /// <param name="wanted">Calls that <see cref="Observe"/> has found.</param>
    /// <param name="redirectGradients">Whether gradients pass where a rectifier is cut off, if they lead back from there.</param>
    /// <returns>What each call gives, in single precision; the tensors belong to the caller's dispose scope.</returns>
    /// <exception cref="ImageSizeException">The module fails on the image, or does not make the calls for it.</exception>
    public torch.Tensor[] Run(torch.Tensor image, IReadOnlyList<ModuleCall> wanted, bool redirectGradients)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var results = new torch.Tensor?[wanted.Count];
        Run(image, (_, module, number, input, result) =>
        {
            torch.Tensor? better = SoundConvolution.TryRun(module, input) ?? (redirectGradients ? Redirect(module, input) : null);
            for (int i = 0; i < results.Length; i++)
            {
                if (ReferenceEquals(wanted[i].Module, module) && wanted[i].Number == number)
                {
                    // Out of the dispose scopes that the module may have of its own.
                    results[i] = (better ?? result).alias().DetachFromDisposeScope();
                    scope.Attach(results[i]!);
                }
            }

            return Array.TrueForAll(results, found => found is not null) ? throw new AllFound() : better;
        });

        if (Array.FindIndex(results, result => result is null) is >= 0 and var missing)
        {
            throw new ImageSizeException(
                "ModuleCannotRun",
                $"The module '{Name}' does not call '{wanted[missing].Name}' for an image of {Shape(image)}.",
                "Choose another image size.");
        }

        return [.. results.Select(result => InSinglePrecision(result!).MoveToOuterDisposeScope())];
    }

    private void Run(torch.Tensor image, Observer observe)
    {
        // One run at a time: hooks and modes are the module's, and several models may have been made of it.
        lock (_module)
        {
            ThrowIfDisposed();
            var removals = new List<Action>();
            try
            {
                using var mode = new EvaluationMode(_module);
                foreach ((string name, TorchModule module) in _hooked)
                {
                    int number = 0;
                    removals.Add(module.register_forward_hook(
                        (_, input, result) => observe(name, module, number++, input, result) ?? result).remove);
                }

                _module.call(InPrecisionOf(_module, image));
            }
            catch (AllFound)
            {
                // The rest of the module is not needed.
            }
            catch (Exception exception) when (exception is not CnnVizException && !ForeignFailure.IsOutOfMemory(exception))
            {
                string reason = exception.Message.Split('\n', 2)[0];
                throw new ImageSizeException(
                    "ModuleCannotRun",
                    $"The module '{Name}' fails on an image of {Shape(image)}: {reason}",
                    "Choose another image size; Import-CnnModel takes the size of the input by -InputSize, and its channels by -InputChannel.",
                    exception);
            }
            finally
            {
                removals.ForEach(remove => remove());
            }
        }
    }

    private void ThrowIfDisposed()
    {
        try
        {
            _ = _module.training;
        }
        catch (ObjectDisposedException exception)
        {
            throw new CnnVizException(
                "ModuleDisposed", $"The module '{Name}' has been disposed.", "Keep it until the pictures are made.", exception);
        }
    }

    // What a rectifier has done in place cannot be undone.
    private static torch.Tensor? Redirect(TorchModule module, torch.Tensor input) => module switch
    {
        TorchSharp.Modules.ReLU { inplace: false } => InwardClamp.Apply(input, 0, double.PositiveInfinity),
        TorchSharp.Modules.ReLU6 { inplace: false } => InwardClamp.Apply(input, 0, 6),
        _ => null,
    };

    private static torch.Tensor InPrecisionOf(TorchModule module, torch.Tensor image) =>
        module.parameters().FirstOrDefault(parameter => parameter.is_floating_point()) is { } weight && weight.dtype != image.dtype
            ? image.to(weight.dtype)
            : image;

    private static torch.Tensor InSinglePrecision(torch.Tensor value) =>
        value.is_floating_point() && value.dtype != torch.ScalarType.Float32 ? value.to(torch.ScalarType.Float32) : value;

    private static string Free(string name, int number, HashSet<string> taken)
    {
        while (!taken.Add($"{name}_{number}"))
        {
            number++;
        }

        return $"{name}_{number}";
    }

    private static string Shape(torch.Tensor image) => string.Join('×', image.shape[1..]);

    /// <summary>Sees what a call gives, and may put something else in its place.</summary>
    private delegate torch.Tensor? Observer(string name, TorchModule module, int number, torch.Tensor input, torch.Tensor result);

    /// <summary>Leaves the module where no more of it is needed.</summary>
    private sealed class AllFound : Exception;
}
