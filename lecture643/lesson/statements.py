"""The lecture's statements, in its order, the fine print behind what it completes.

In our own words, short enough for a screen in a hall; formulas are LaTeX between dollar signs. A line break
begins another line there.
"""

from typing import NamedTuple


class Statement(NamedTuple):
    """One statement of the lecture.

    id: "1.1" to "4.5" and "R", or "F1" to "F15" of the fine print. title: of its slide. short: a few words,
    for a map of all. words: what it says.
    """

    id: str
    title: str
    short: str
    words: str

    @property
    def fine_print(self) -> bool:
        """Whether it completes what a slide says."""
        return self.id.startswith("F")


PERSPECTIVE = "Multi Layer Perceptron - Data Perspective"
EXAMPLE = "MLP - Data Perspective: A Simple Example"
GENERAL = "General Optimization Problem"
DERIVATIVE = "Directional derivative"
DESCENT = "Descent Direction"
ALGORITHM = "Algorithm Development using Descent Direction"
OPTIMUM = "Characterization Of Local Optimum"
GD = "Gradient Descent for our MLP Problem"
SGD = "Stochastic Gradient Descent for our MLP Problem"
MINIBATCH = "Mini-batch Stochastic Gradient Descent for our MLP Problem"
SAMPLE = "GD/SGD for MLP: Sample-wise Gradient Computation"
TASKS = "Multi Layer Perceptron for Prediction Tasks"
TRAINING = "Stochastic Gradient Descent for training MLP"

_ALL = [
    # --- 1 Recap: MLP, data perspective ---
    Statement(
        "1.1",
        PERSPECTIVE,
        "what training aims at",
        r"Data $D=\{(x^s,y^s)\}_{s=1}^S$, predictions $\hat y^s=\mathrm{MLP}(x^s)$, errors "
        r"$e^s=E(y^s,\hat y^s)$. Aim: the weights $W^1,\dots,W^L$ with the least $\sum_{s=1}^S e^s$.",
    ),
    Statement(
        "1.2",
        EXAMPLE,
        "one neuron",
        r"One sigmoid neuron, two weights, no bias: $\hat y=\sigma(w_{11}^1x_1+w_{12}^1x_2)$.",
    ),
    Statement(
        "1.3",
        EXAMPLE,
        "the sigmoid",
        r"$\sigma(z)=\dfrac{1}{1+\exp(-z)}$ is continuous and monotonic; $\sigma(z)\to0$ for $z\to-\infty$, "
        r"$\sigma(z)\to1$ for $z\to+\infty$.",
    ),
    Statement(
        "F15",
        EXAMPLE,
        "σ is never 0 or 1",
        r"$\sigma$ takes neither 0 nor 1: $0<\sigma(z)<1$ for every $z$. "
        r"Only in double precision is $\sigma(37)=1$, while $\sigma(-37)\approx8.5\cdot10^{-17}$.",
    ),
    Statement(
        "1.4",
        EXAMPLE,
        "four points",
        r"Four points, $(-3,-3)\to1$, $(-2,-2)\to1$, $(4,4)\to0$ and $(2,-5)\to0$: "
        r"each prediction $\hat y$ is a function of $w$.",
    ),
    Statement(
        "1.5",
        EXAMPLE,
        "squared error",
        r"The squared error of each point, added up: "
        r"$\displaystyle\min_{w_{11}^1,w_{12}^1}E(w)=\sum_{i=1}^4\left(y^i-\hat y^i\right)^2$.",
    ),
    Statement(
        "1.6",
        EXAMPLE,
        "loss surface",
        r"The loss surface: a height $E(w)$ over every pair of weights $(w_{11}^1,w_{12}^1)$.",
    ),
    Statement(
        "F3",
        EXAMPLE,
        "flat, far out",
        r"Far out $E$ is flat, at the height 0, 1, 3 or 4: one plateau for each way of classifying the "
        r"points. GD with $\gamma=0.1$ stays on plateau 1 for a third of the starts in $[-6,6]^2$.",
    ),
    Statement(
        "F1",
        EXAMPLE,
        "E = 0 is never reached",
        r"Where $w_{11}^1+w_{12}^1<0$ and $2w_{11}^1<5w_{12}^1$ all four points are right. "
        r"Far out in that cone $E\to0$, yet $E$ is 0 nowhere: no best $w$ exists.",
    ),
    # --- 2 Optimization concepts ---
    Statement(
        "2.1",
        GENERAL,
        "min f over C",
        r"$\displaystyle\min_{x\in\mathcal{C}}f(x)$: objective function $f$, feasible set $\mathcal{C}$, "
        r"optimal value $f^*$, optimal solution set $S^*=\{x\in\mathcal{C}:f(x)=f^*\}$.",
    ),
    Statement(
        "2.2",
        GENERAL,
        "local, global",
        r"$z$ is a local optimum if, for some $\epsilon>0$, $f(z)\leq f(u)$ for all "
        r"$u\in\mathcal{N}(z,\epsilon)$; a global one if $f(z)\leq f(u)$ for all $u\in\mathcal{C}$.",
    ),
    Statement(
        "2.3",
        "High Dimensional Representation - Notations",
        "gradient",
        r"The gradient is the column of the partial derivatives: "
        r"$\nabla f(x)=\left(\dfrac{\partial f(x)}{\partial x_1},\,\dots,\,"
        r"\dfrac{\partial f(x)}{\partial x_d}\right)^{\!\top}$.",
    ),
    Statement(
        "2.4",
        DERIVATIVE,
        "directional derivative",
        r"At $x\in\mathrm{int}(\mathcal{C})$, along $d\neq0$: "
        r"$f'(x;d)=\displaystyle\lim_{\alpha\downarrow0}\dfrac{f(x+\alpha d)-f(x)}{\alpha}$, "
        r"for smooth $f$ it is $\langle\nabla f(x),d\rangle$.",
    ),
    Statement(
        "F8",
        DERIVATIVE,
        "a ball in all of ℝᵈ",
        r"$\mathrm{int}(\mathcal{C})$ needs the ball $B(x,\epsilon)$ of $\mathbb{R}^d$. "
        r"Taken in $\mathcal{C}$, as on the slide, it would make every point of $\mathcal{C}$ interior.",
    ),
    Statement(
        "F9",
        DERIVATIVE,
        "partials are not enough",
        r"Partial derivatives are not enough: at 0 both are 0 for $f=\dfrac{x_1x_2^2}{x_1^2+x_2^2}$, "
        r"but $f'(0;(1,1))=0.5$. Differentiability is enough.",
    ),
    Statement(
        "2.5",
        DESCENT,
        "descent direction",
        r"$d$ is a descent direction at $x$ if $f'(x;d)=\langle\nabla f(x),d\rangle<0$. "
        r"The natural candidate: $d=-\nabla f(x)$.",
    ),
    Statement(
        "2.6",
        DESCENT,
        "f really falls",
        r"Proposition: along a descent direction $d$ there is an $\epsilon>0$ such that $f(x+\alpha d)<f(x)$ "
        r"for all $\alpha\in(0,\epsilon]$.",
    ),
    Statement(
        "2.7",
        ALGORITHM,
        "descent algorithm",
        r"For $k=0,1,2,\dots$: find a descent direction $d^k$ and a step $\alpha^k>0$ that lowers $f$, "
        r"set $x^{k+1}=x^k+\alpha^kd^k$, and see whether to stop.",
    ),
    Statement(
        "2.8",
        OPTIMUM,
        "when to stop",
        r"Proposition: $\nabla f(x^*)=0$ at an interior local optimum $x^*$ with partial derivatives. "
        r"Hence the test: stop when $\|\nabla f(x^k)\|_2=0$.",
    ),
    Statement(
        "F10",
        OPTIMUM,
        "saddles pass, too",
        r"$\nabla f(x)=0$ is necessary and not sufficient: an inflection, a saddle and a maximum "
        r"have it, too.",
    ),
    Statement(
        "F2",
        OPTIMUM,
        "what ∇E is made of",
        r"$\nabla E=p\,(1,1)+q\,(2,-5)$ with $p,q>0$ for every $w$: $E$ has no stationary point, "
        r"so no local optimum, and in exact arithmetic the test never fires.",
    ),
    Statement(
        "F4",
        OPTIMUM,
        "the test fires wrongly",
        r"In floating point the test fires for the wrong reason: computed with $1-a$, "
        r"$\nabla E$ is exactly 0 at $w=(-40,-60)$. There $E=1$, and the true $\nabla E$ is not 0.",
    ),
    Statement(
        "2.9",
        ALGORITHM,
        "perceptron",
        r"Homework: the perceptron goes to $w+yx$ where $y\,\langle w,x\rangle\leq0$. "
        r"Which function does it descend?",
    ),
    Statement(
        "2.10",
        GD,
        "exact line search",
        r"$d^k=-\nabla E(w^k)=-\sum_{i}\nabla e^i(w^k)$,  "
        r"$\alpha^k=\operatorname{argmin}_{\alpha>0}E(w^k+\alpha d^k)$,  $w^{k+1}=w^k+\alpha^kd^k$.",
    ),
    Statement(
        "F5",
        GD,
        "a search needs a bracket",
        r"From $w^0=0$ there is no argmin: $E(w^0-\alpha\nabla E)$ falls for ever. An honest search looks in "
        r"$(0,\alpha_{\max}]$ and says when it ends on the bound.",
    ),
    Statement(
        "2.11",
        GD,
        "how fast",
        r"Claims for GD: $O(1/\sqrt{k})$; $O(1/k^2)$ is possible; linear where $E$ is strongly convex and "
        r"smooth; an accuracy of about $10^{-15}$.",
    ),
    Statement(
        "F6",
        GD,
        "whose rates these are",
        r"$O(1/\sqrt{k})$ holds for the smallest $\|\nabla E\|$. For convex, smooth $E$ GD has $O(1/k)$; "
        r"$O(1/k^2)$ takes Nesterov's acceleration.",
    ),
    Statement(
        "2.12",
        GD,
        "costs",
        r"GD is blind to the structure of $E$; finding $\alpha^k$ takes at least $O(Sd)$ time; "
        r"its storage is $O(d)$.",
    ),
    Statement(
        "2.13",
        SGD,
        "SGD",
        r"One sample $j_k$ for a step of $O(d)$: $w^{k+1}\leftarrow w^k-\gamma_k\nabla e^{j_k}(w^k)$, "
        r"with $\sum_k\gamma_k=\infty$ and $\sum_k\gamma_k^2<\infty$, such as $\gamma_k=\dfrac{1}{k+1}$.",
    ),
    Statement(
        "F7",
        SGD,
        "the rate 1/(k+1)",
        r"$\gamma_k=\dfrac{1}{k+1}$ meets the conditions and is hopelessly slow here. A constant $\gamma$ is "
        r"fast: the gradients of all samples vanish together.",
    ),
    Statement(
        "2.14",
        MINIBATCH,
        "mini-batches",
        r"A block $B_k$ of samples for a step: "
        r"$w^{k+1}\leftarrow w^k-\gamma_k\sum_{j\in B_k}\nabla e^j(w^k)$, "
        r"with the same conditions on $\gamma_k$.",
    ),
    Statement(
        "2.15",
        "GD/SGD: Crucial Step",
        "the crucial step",
        r"GD: $\alpha^k\sum_i\nabla e^i(w^k)$. SGD: $\gamma_k\nabla e^{j_k}(w^k)$. "
        r"Mini-batch SGD: $\gamma_k\sum_{j\in B_k}\nabla e^j(w^k)$. All rest on the gradient of one sample.",
    ),
    # --- 3 Sample-wise gradient computation ---
    Statement(
        "3.1",
        SAMPLE,
        "ten weights",
        r"A 2-2-2-1 network without biases, one sample, $e=(\hat y-y)^2$. "
        r"Wanted: $\dfrac{\partial e}{\partial w}$ for all ten weights.",
    ),
    Statement(
        "3.2",
        SAMPLE,
        "layer 3",
        r"Layer 3: $\dfrac{\partial e}{\partial w_{11}^3}=\dfrac{\partial e}{\partial\hat y}\,"
        r"\varphi'(z_1^3)\,a_1^2$, and likewise for $w_{12}^3$.",
    ),
    Statement(
        "3.3",
        SAMPLE,
        "layer 2",
        r"Layer 2: $\dfrac{\partial e}{\partial w_{11}^2}=\dfrac{\partial e}{\partial\hat y}\,"
        r"\varphi'(z_1^3)\,w_{11}^3\,\varphi'(z_1^2)\,a_1^1$, and likewise for $w_{12}^2$.",
    ),
    Statement(
        "3.4",
        SAMPLE,
        "the second row",
        r"Your turn: $\dfrac{\partial e}{\partial w_{21}^2}$ and $\dfrac{\partial e}{\partial w_{22}^2}$.",
    ),
    Statement(
        "3.5",
        SAMPLE,
        "two paths",
        r"Layer 1: $a_1^1$ feeds both $z_1^2$ and $z_2^2$. So $\dfrac{\partial e}{\partial a_1^1}"
        r"=\dfrac{\partial e}{\partial z_1^2}w_{11}^2+\dfrac{\partial e}{\partial z_2^2}w_{21}^2$, "
        r"a sum over both paths.",
    ),
    Statement(
        "3.6",
        SAMPLE,
        "three equations",
        r"$\dfrac{\partial e}{\partial w_{ij}^\ell}=\dfrac{\partial e}{\partial z_i^\ell}a_j^{\ell-1}$,  "
        r"$\dfrac{\partial e}{\partial z_i^\ell}=\dfrac{\partial e}{\partial a_i^\ell}\varphi'(z_i^\ell)$,  "
        r"$\dfrac{\partial e}{\partial a_i^\ell}"
        r"=\sum_m\dfrac{\partial e}{\partial z_m^{\ell+1}}w_{mi}^{\ell+1}$",
    ),
    Statement(
        "3.7",
        SAMPLE,
        "in matrices",
        r"$\delta^\ell=(W^{\ell+1})^\top\,\mathrm{Diag}(\varphi'^{\,\ell+1})\,\delta^{\ell+1}"
        r"=V^{\ell+1}\delta^{\ell+1}$, where $\delta^\ell=\dfrac{\partial e}{\partial a^\ell}$.",
    ),
    Statement(
        "F11",
        SAMPLE,
        "three slips",
        r"Three slips on these slides: $\dfrac{\partial e}{\partial y}$ where "
        r"$\dfrac{\partial e}{\partial\hat y}$ is meant, $V^\ell$ where the product begins with "
        r"$V^{\ell+1}$, and once $\varphi'$ without its Diag.",
    ),
    Statement(
        "3.8",
        SAMPLE,
        "a whole layer",
        r"$\nabla_{W^\ell}e=\mathrm{Diag}(\varphi'^{\,\ell})\,\delta^\ell\,(a^{\ell-1})^\top"
        r"=\mathrm{Diag}(\varphi'^{\,\ell})\,V^{\ell+1}\cdots V^L\,\delta^L\,(a^{\ell-1})^\top$. "
        r"Homework: derive it.",
    ),
    Statement(
        "3.9",
        SAMPLE,
        "biases",
        r"Homework: give every neuron a bias $b_i^\ell$. What is the gradient with respect to it?",
    ),
    Statement(
        "3.10",
        SAMPLE,
        "flows back",
        r"The error gradient $\delta^L$ of the last layer flows back through $V^L,\dots,V^{\ell+1}$ "
        r"into every layer: backpropagation.",
    ),
    Statement(
        "3.11",
        SAMPLE,
        "vanishing, exploding",
        r"$\|\nabla_{W^\ell}e\|_2\leq\|\mathrm{Diag}(\varphi'^{\,\ell})\|_2\;"
        r"\|V^{\ell+1}\cdots V^L\delta^L\|_2\;\|a^{\ell-1}\|_2$: "
        r"the long product can explode or vanish, and the gradient with it.",
    ),
    Statement(
        "F14",
        SAMPLE,
        "a bound for each layer",
        r"For the sigmoid $\varphi'\leq0.25$, so $\|V^\ell\|_2\leq0.25\,\|W^\ell\|_2$: "
        r"with $\|W^\ell\|_2<4$ gradients vanish geometrically in depth.",
    ),
    Statement(
        "3.12",
        SAMPLE,
        "where it begins",
        r"$\delta^L=\dfrac{\partial e}{\partial\hat y}$ depends on the error function: "
        r"the squared error so far, and others follow.",
    ),
    # --- 4 MLP for prediction tasks ---
    Statement(
        "4.1",
        TASKS,
        "learn a map",
        r"Learn a map $h_w:\mathcal{X}\to\mathcal{Y}$ on the data $D$. Then predict "
        r"$\hat y=h_w(\hat x)=\mathrm{MLP}(\hat x;w)$ for an unseen $\hat x$.",
    ),
    Statement(
        "4.2",
        "Methodology for training MLP",
        "an error",
        r"Choose an error $e:\mathcal{Y}\times\mathcal{Y}\to[0,\infty)$ and minimise "
        r"$E(w)=\sum_{i=1}^Se^i(w)$ with GD, SGD or mini-batch SGD.",
    ),
    Statement(
        "4.3",
        TRAINING,
        "the algorithm",
        r"For each $k$: choose a sample $j_k$, forward pass, error, backpropagation, "
        r"and the update $w^{k+1}\leftarrow w^k-\gamma_k\nabla_we^{j_k}(w^k)$.",
    ),
    Statement(
        "F12",
        TRAINING,
        "K + 1 steps, no epochs",
        r"$k=0,\dots,K$ makes $K+1$ steps, while the rates are given for $k=1,\dots,K$. "
        r"And each $k$ is one sample, not one epoch.",
    ),
    Statement(
        "4.4",
        TASKS,
        "there and back",
        r"The forward pass, nested: $\hat y=\mathrm{MLP}(x;w)"
        r"=\varphi\big(W^L\,\varphi(W^{L-1}\cdots\varphi(W^1x)\cdots)\big)$.",
    ),
    Statement(
        "4.5",
        TASKS,
        "+1 and −1",
        r"Two classes, $\mathcal{Y}=\{+1,-1\}$: one sigmoid neuron at the end, $\sigma(W^La^{L-1})$, "
        r"then a threshold.",
    ),
    Statement(
        "F13",
        TASKS,
        "labels 0 and 1",
        r"A sigmoid cannot reach $-1$: train with the labels $\dfrac{y+1}{2}$, which are 0 and 1, "
        r"and put the threshold for $\hat y$ at 0.5.",
    ),
    Statement(
        "R",
        "References",
        "sources",
        "Gradient descent: Cauchy 1847.\n"
        "SGD: Robbins and Monro 1951.\n"
        "Backpropagation: Werbos 1974; Rumelhart, Hinton and Williams 1986.",
    ),
]
STATEMENTS = {statement.id: statement for statement in _ALL}
