using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What layers answer to the views of one image of a batch, and to what it is compared with.</summary>
/// <param name="batch">Each layer's output for the views of all images: N·views×C×H×W, or N·views×C for a dense layer.</param>
/// <param name="pictures">The same for pictures under the same views, by their paths.</param>
/// <param name="image">The image's number in the batch.</param>
/// <param name="views">Views of each image.</param>
internal sealed class Activations(
    IReadOnlyDictionary<CnnLayer, torch.Tensor> batch,
    IReadOnlyDictionary<string, IReadOnlyDictionary<CnnLayer, torch.Tensor>> pictures,
    long image,
    long views)
{
    /// <summary>A layer's output: views×C×H×W, or views×C for a dense layer.</summary>
    public torch.Tensor this[CnnLayer layer] => batch[layer].narrow(0, image * views, views);

    /// <summary>A layer's output for a picture that the network sees in the same views; without gradient.</summary>
    public torch.Tensor OfPicture(string path, CnnLayer layer) => pictures[path][layer].narrow(0, image * views, views);

    /// <summary>The same for each view alone, as if each were the image of another batch.</summary>
    public Activations[] OfEachView() =>
        [.. Enumerable.Range(0, (int)views).Select(view => new Activations(batch, pictures, image * views + view, 1))];

    /// <summary>A layer's outputs for the other images of the batch.</summary>
    public IEnumerable<torch.Tensor> OfOthers(CnnLayer layer)
    {
        for (long other = 0; other < batch[layer].shape[0] / views; other++)
        {
            if (other != image)
            {
                yield return batch[layer].narrow(0, other * views, views);
            }
        }
    }
}
