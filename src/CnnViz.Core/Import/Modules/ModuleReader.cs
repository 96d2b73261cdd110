using System.Security.Cryptography;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Modules;
using CnnViz.Networks.Operators;
using TorchSharp;
using TorchModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnViz.Import.Modules;

/// <summary>Turns a TorchSharp module into a graph: its submodules' calls are the nodes, side by side behind the image.</summary>
internal static class ModuleReader
{
    /// <summary>The module, if it is one that can be looked into.</summary>
    /// <exception cref="CnnVizException">It is no module; not one from a tensor to a tensor; or of another TorchSharp.</exception>
    public static TorchModule Check(object module)
    {
        Type type = module.GetType();
        if (module is torch.nn.Module known && HookedModule.Submodules(known).Select(pair => pair.Module).Prepend(known)
            .FirstOrDefault(part => part.GetType().Assembly.IsDynamic) is { } dynamic)
        {
            throw new CnnVizException(
                "ModuleOfScript",
                $"{dynamic.GetType().Name} is a class of PowerShell, whose methods run on the session's thread alone; the engine has its own.",
                "Put the network together of TorchSharp's modules, or write the class in C# (Add-Type).");
        }

        return module switch
        {
            TorchModule fitting => fitting,
            torch.nn.Module => throw new CnnVizException(
                "ModuleNotImageToTensor",
                $"{type.Name} is no module that takes one tensor and gives one tensor.",
                "Give one derived of Module<Tensor, Tensor>; wrap it if it takes or gives more."),
            _ when TorchOf(type) is { } foreign => throw new CnnVizException(
                "TorchSharpMismatch",
                $"{type.Name} is of a TorchSharp ({Describe(foreign)}) that is not the one of CnnViz ({Describe(typeof(torch))}).",
                "Start a new session; take TorchSharp from Import-TorchSharp, or load it, in the version of CnnViz, before the first model "
                + "is imported."),
            _ => throw new CnnVizException(
                "NotAModule", $"{type.Name} is no TorchSharp module.", "Give an object of a class derived of torch.nn.Module."),
        };
    }

    /// <summary>The name that its author gave it; that of its class, where TorchSharp has given it a name of its own.</summary>
    public static string NameOf(TorchModule module) =>
        module.GetName() is var name && !name.Contains("::", StringComparison.Ordinal) ? name : module.GetType().Name;

    /// <summary>Runs a module once, to see its layers.</summary>
    /// <param name="module">The module; stays the caller's.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="options">What the user says about its input.</param>
    /// <exception cref="CnnVizException">The module fails on an image of the size, or gives what has no channels.</exception>
    public static ModuleSource Read(TorchModule module, string name, ImportOptions options)
    {
        ModuleInput input = ModuleInput.Of(module);
        int channels = options.InputChannels ?? input.Channels ?? 3;
        (int height, int width) = options.InputSize ?? (input.Side ?? 224, input.Side ?? 224);
        var hooked = new HookedModule(module, name);
        torch.Device device = hooked.Device;

        using DisposeScope scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            IReadOnlyList<ModuleCall> calls = hooked.Observe(torch.zeros([1, channels, height, width], device: device));
            List<GraphNode> nodes = [new GraphNode("input", "input", new Input(), [])];
            nodes.AddRange(calls.Where(call => !call.PassesOn).Select(call => new GraphNode(call.Name, call.Name, new ModuleOutput(hooked, call), [0])));
            return new ModuleSource(
                new Graph(nodes, [Output(nodes)], blocks: ModuleBlocks.Of(module, calls)), new LayerShape(channels, height, width, IsMap: true), device, Hash(module))
            {
                Remark = ReferenceEquals(calls[0].Module, module) && module.named_children().Any()
                    ? $"No submodule of '{name}' is seen at work; its forward must call them by call(), or be a Sequential."
                    : null,
            };
        }
    }

    // Of a softmax at the end the values before are wanted, and a graph of calls does not tell where they come from.
    private static int Output(List<GraphNode> nodes)
    {
        int last = nodes.FindLastIndex(node => !Classifier.IsTransparent(node.Operator.Kind));
        return last > 0 ? last : nodes.Count - 1;
    }

    // That of the file which its save would write.
    private static string Hash(TorchModule module)
    {
        using SHA256 hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            module.save(stream);
        }

        return Convert.ToHexString(hash.Hash!).ToLowerInvariant();
    }

    // The assembly of a base class tells, as the module's own may be anyone's.
    private static Type? TorchOf(Type type)
    {
        for (Type? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.Assembly.GetName().Name == "TorchSharp")
            {
                return ancestor;
            }
        }

        return null;
    }

    private static string Describe(Type type) => $"{type.Assembly.GetName().Version?.ToString(3)} in '{(type.Assembly.IsDynamic ? "memory" : type.Assembly.Location)}'";
}
