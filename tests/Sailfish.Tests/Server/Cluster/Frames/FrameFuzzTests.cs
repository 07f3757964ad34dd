using Sailfish.Server.Cluster.Frames;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Server.Cluster.Frames;

/// <summary>Mutated frames: each is read or refused, and nothing past its end has a say.</summary>
public sealed class FrameFuzzTests
{
    private const int Seed = 4222;

    [Fact]
    public void Mutated_frames_are_read_or_refused()
    {
        var mutator = new Mutator(Seed, FrameSamples.All);
        for (var round = 0; round < 60_000; round++)
        {
            var input = mutator.Next();
            try
            {
                var alone = FrameSamples.Describe(input);
                byte[] around = [FrameHeader.Magic, .. input, .. mutator.Tail(input.Length)];
                Assert.Equal(alone, FrameSamples.Describe(around.AsSpan(1, input.Length)));
            }
            catch (Exception exception)
            {
                Assert.Fail($"Seed {Seed}, round {round}, input {Convert.ToHexString(input)}: {exception}");
            }
        }
    }
}
