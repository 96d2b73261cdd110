using TorchSharp;

namespace CnnViz.Atlas;

/// <summary>
/// The looks of a picture in a few bytes, to find others that look alike: its mean colour and how strong its contrasts are, and how its
/// structures are spread over widths (octaves) and directions. Where in the picture they are does not count.
/// </summary>
internal static class PictureSignature
{
    private const int Side = 64;
    private const int Octaves = 5;
    private const int Directions = 6;
    private const int Colours = 6;

    /// <summary>Bytes of a signature.</summary>
    public const int Length = Colours + Octaves * Directions;

    // The band of each frequency of a half spectrum, or the number of bands for those that count nowhere.
    private static readonly long[] s_bands = ListBands();

    /// <summary>The signature of a picture.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    public static byte[] Of(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor small = torch.nn.functional.interpolate(
            picture.unsqueeze(0).to(torch.ScalarType.Float32), [Side, Side], mode: torch.InterpolationMode.Area)[0].clamp(0, 1);
        torch.Tensor grey = small.mean([0]);
        torch.Tensor colours = small.shape[0] == 3 ? small : grey.expand(3, Side, Side);
        torch.Tensor warm = colours[0] - colours[2];
        torch.Tensor green = colours[1] - (colours[0] + colours[2]) / 2;
        torch.Tensor deviations = torch.stack([grey.std() * 2, warm.std(), green.std()]);

        torch.Tensor window = torch.hann_window(Side);
        torch.Tensor waves = torch.fft.rfft2((grey - grey.mean()) * window.unsqueeze(0) * window.unsqueeze(1));
        torch.Tensor power = waves.abs().square().flatten();
        torch.Tensor bands = torch.zeros(Octaves * Directions + 1).index_add(0, torch.tensor(s_bands), power, 1);
        torch.Tensor shares = bands[torch.TensorIndex.Slice(0, Octaves * Directions)];
        shares = (shares / (shares.sum() + 1e-6f)).sqrt();
        torch.Tensor all = torch.cat([colours.mean([1, 2]), deviations, shares]);
        return (all.nan_to_num().clamp(0, 1) * 255).round().to(torch.ScalarType.Byte).bytes.ToArray();
    }

    /// <summary>How far two signatures are apart; 0 for none.</summary>
    public static int Distance(byte[] one, byte[] other)
    {
        int sum = 0;
        for (int i = 0; i < Length; i++)
        {
            int difference = one[i] - other[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static long[] ListBands()
    {
        var bands = new long[Side * (Side / 2 + 1)];
        for (int i = 0; i < bands.Length; i++)
        {
            int row = i / (Side / 2 + 1);
            double down = row <= Side / 2 ? row : row - Side;
            double right = i % (Side / 2 + 1);
            double octave = Math.Log2(Math.Sqrt(down * down + right * right));
            double direction = (Math.Atan2(down, right) / Math.PI + 1) % 1;
            int band = (int)Math.Floor(octave) * Directions + (int)Math.Round(direction * Directions) % Directions;
            bands[i] = octave is >= 0 and < Octaves ? band : Octaves * Directions;
        }

        return bands;
    }
}
