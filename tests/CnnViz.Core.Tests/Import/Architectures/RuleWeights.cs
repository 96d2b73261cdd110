using System.Text;
using CnnViz.Import;
using CnnViz.Import.Architectures;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>
/// Weights and images by formula, so that a network can be held against reference outputs without its weight file: tensor values
/// follow from the tensor's key, its shape and its role.
/// </summary>
internal static class RuleWeights
{
    private static readonly double[] s_mean = [0.485, 0.456, 0.406];
    private static readonly double[] s_std = [0.229, 0.224, 0.225];

    public static StateTensor Tensor(string key, long[] shape, string role) => new(
        key,
        role == "num_batches_tracked" ? torch.ScalarType.Int64 : torch.ScalarType.Float32,
        shape,
        () => role == "num_batches_tracked" ? torch.tensor(0L) : torch.tensor(Values(key, shape, role)).reshape(shape));

    /// <summary>Tensors for an architecture, with the roles that their keys and shapes tell.</summary>
    public static StateDict For(Architecture architecture)
    {
        using StateDict ones = ArchitectureTensors.Of(architecture);
        return new([.. ones.Tensors.Select(tensor => Tensor(tensor.Name, [.. tensor.Shape], RoleOf(tensor)))], "rule");
    }

    private static string RoleOf(StateTensor tensor) => tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..] switch
    {
        "weight" => tensor.Shape.Count > 1 ? "weight" : "norm_weight",
        string part and ("bias" or "running_mean" or "running_var") => part,
        _ => "scale",
    };

    public static float[] Values(string key, long[] shape, string role)
    {
        long sum = 0;
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += bytes[i] * (i + 1L);
        }

        double start = 0.5 + 0.017 * (sum % 9973);
        (double scale, double offset) = Range(shape, role);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (long j = 0; j < values.LongLength; j++)
        {
            double wave = Math.Sin(start + 0.731 * j) * 43758.5453;
            values[j] = (float)(scale * (wave - Math.Floor(wave)) + offset);
        }

        return values;
    }

    /// <summary>The image as torchvision's networks want it, 1×3×S×S.</summary>
    public static torch.Tensor Image(int size)
    {
        var values = new float[3 * size * size];
        for (int i = 0; i < values.Length; i++)
        {
            (int c, int h, int w) = (i / (size * size), i / size % size, i % size);
            double picture = 0.5 + 0.5 * Math.Sin(0.05 * (h + 1) * (c + 1) + 0.031 * (w + 1));
            values[i] = (float)((picture - s_mean[c]) / s_std[c]);
        }

        return torch.tensor(values).reshape(1, 3, size, size);
    }

    // Values are scale · u + offset for u in 0…1.
    private static (double Scale, double Offset) Range(long[] shape, string role)
    {
        double fan = shape.Skip(1).Aggregate(1.0, (product, size) => product * size);
        double bound = Math.Sqrt(3) * Math.Sqrt(2 / fan) * (role == "weight_hi" ? 1.2 : 1);
        return role switch
        {
            "weight" or "weight_hi" => (2 * bound, -bound),
            "norm_weight" or "running_var" => (0.4, 0.8),
            "norm_weight_res" => (0.1, 0.2),
            "running_mean" or "bias" => (0.2, -0.1),
            "scale" => (0.1, 0.1),
            _ => throw new ArgumentException($"There is no role {role}.", nameof(role)),
        };
    }
}
