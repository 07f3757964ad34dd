using System.Threading.Channels;

namespace Sailfish.Client;

/// <summary>Wakes one waiter; signals that come while none waits are remembered as one.</summary>
internal sealed class Signal
{
    private readonly Channel<bool> _channel =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellation) => await _channel.Reader.ReadAsync(cancellation);
}
